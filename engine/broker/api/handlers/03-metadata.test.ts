import { describe, expect, it } from 'vitest';
import { createLog } from '../../../base/log.ts';
import { encodeToBuffer } from '../../../protocol/codec.ts';
import type { MetadataResponse } from '../../../protocol/schemas/03-metadata.ts';
import { metadataResponse } from '../../../protocol/schemas/03-metadata.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { autoCreatedTopicsPerRequestMax } from '../metadata/auto-create-topics.ts';
import type { BrokerServices } from '../services.ts';
import { fakeServices, testView } from '../testing/fake-services.ts';
import { requestContext } from '../testing/request-context.ts';
import { metadataHandler } from './03-metadata.ts';

interface Asked {
  readonly topics: readonly { readonly topicId?: string; readonly name?: string | null }[] | null;
  readonly allowAutoTopicCreation?: boolean;
}

function ask(asked: Asked, broker: BrokerServices = fakeServices(), apiVersion = 13) {
  const context = requestContext(3, apiVersion);
  const topics = asked.topics?.map((topic) => ({ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name: null, ...topic })) ?? null;
  return metadataHandler.handle(
    { allowAutoTopicCreation: false, ...asked, topics },
    context,
    broker,
  ) as MetadataResponse;
}

describe('Metadata', () => {
  it('lists brokers in service, and a controller among them', () => {
    const answer = ask({ topics: [] });
    expect(answer.brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2]);
    expect(answer.controllerId).toBe(1);
    expect(answer.topics).toEqual([]);
  });

  it('waits while the broker starts, so that nobody takes a cluster for an empty one', async () => {
    const ready = Promise.withResolvers<void>();
    let view = MetadataImage.empty('cluster');
    const broker = fakeServices({ untilReady: () => ready.promise, metadata: () => view });
    const answer: MetadataResponse | Promise<MetadataResponse> = ask({ topics: null }, broker);
    view = fakeServices().metadata();
    ready.resolve();
    expect((await answer).topics.map(({ name }) => name)).toEqual(['orders']);
  });

  it('lists every topic for null, and for an empty list in version 0', () => {
    expect(ask({ topics: null }).topics.map(({ name }) => name)).toEqual(['orders']);
    expect(ask({ topics: [] }, fakeServices(), 0).topics.map(({ name }) => name)).toEqual(['orders']);
  });

  it('shows a fenced leader as none and its replicas as offline', () => {
    const [first, second] = ask({ topics: [{ name: 'orders' }] }).topics[0]?.partitions ?? [];
    expect(first).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 4, offlineReplicas: [3] });
    expect(second).toMatchObject({ errorCode: 5, leaderId: -1, offlineReplicas: [3] });
  });

  it('finds topics by id and names what it does not find', () => {
    const id = testView().topics.get('orders')?.id ?? '';
    const answer = ask({ topics: [{ topicId: id }, { topicId: 'AAAAAAAAAAAAAAAAAAAAAg' }, { name: 'a b' }] });
    expect(answer.topics.map(({ errorCode }) => errorCode)).toEqual([0, 100, 17]);
  });

  it('creates a missing topic when it may, and says to ask again', async () => {
    const submitted: unknown[] = [];
    const submit = (_api: unknown, request: unknown) => {
      submitted.push(request);
      return Promise.resolve({ topics: [{ name: 'new', errorCode: 0 }] });
    };
    const broker = fakeServices({ controller: { submit } as unknown as BrokerServices['controller'] });
    const answer = await ask({ topics: [{ name: 'new' }, { name: 'orders' }], allowAutoTopicCreation: true }, broker);
    expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['new', 5],
      ['orders', 0],
    ]);
    expect(submitted).toMatchObject([{ topics: [{ name: 'new', numPartitions: 3, replicationFactor: 3 }] }]);
    expect(ask({ topics: [{ name: 'new' }] }, broker).topics[0]?.errorCode).toBe(3);
    expect(submitted).toHaveLength(1);
  });

  it('never creates a topic of the cluster itself because it was asked for', async () => {
    const broker = fakeServices({ controller: {} as BrokerServices['controller'] });
    const names = ['__cluster_metadata', '__CLUSTER_METADATA', '__share_group_state'];
    const topics = names.map((name) => ({ name }));
    const answer = await ask({ topics, allowAutoTopicCreation: true }, broker);
    expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual(names.map((name) => [name, 3]));
    expect(answer.topics.map(({ isInternal }) => isInternal)).toEqual([false, false, true]);
  });

  it('creates a bounded number of topics for one request, and says so in one bounded line', async () => {
    const submitted: { readonly topics: readonly { readonly name: string }[] }[] = [];
    const submit = (_api: unknown, request: { topics: { name: string }[] }) => {
      submitted.push(request);
      return Promise.resolve({ topics: request.topics.map(({ name }) => ({ name, errorCode: 0 })) });
    };
    const lines: string[] = [];
    const log = createLog((...entry) => lines.push(JSON.stringify(entry)));
    const broker = fakeServices({ log, controller: { submit } as unknown as BrokerServices['controller'] });
    const topics = Array.from({ length: 20_000 }, (_, index) => ({ name: `t${index}` }));
    const answer = await ask({ topics, allowAutoTopicCreation: true }, broker);
    expect(submitted.map((request) => request.topics.length)).toEqual([autoCreatedTopicsPerRequestMax]);
    expect(answer.topics.filter(({ errorCode }) => errorCode === 5)).toHaveLength(autoCreatedTopicsPerRequestMax);
    expect(answer.topics.filter(({ errorCode }) => errorCode === 3)).toHaveLength(
      topics.length - autoCreatedTopicsPerRequestMax,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('20000');
    expect(lines[0]?.length).toBeLessThan(500);
  });

  it('answers each topic once', () => {
    const topicId = testView().topics.get('orders')?.id ?? '';
    const twice = ask({ topics: [{ name: 'orders' }, { name: 'orders' }, { name: 'gone' }, { name: 'gone' }] });
    expect(twice.topics.map(({ name }) => name)).toEqual(['orders', 'gone']);
    expect(ask({ topics: [{ topicId }, { topicId }] }).topics.map(({ name }) => name)).toEqual(['orders']);
  });

  it.each([
    [10, 42],
    [11, 42],
    [12, -1],
    [13, -1],
  ])('refuses topics without name and id in version %i', (version, code) => {
    const answer = ask({ topics: [{ name: null }, { name: 'orders' }] }, fakeServices(), version);
    expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['', code],
      ['orders', code],
    ]);
    expect(encodeToBuffer(metadataResponse, version, answer)).toBeDefined();
  });

  it('knows ids from version 12 on', () => {
    const topicId = testView().topics.get('orders')?.id ?? '';
    expect(ask({ topics: [{ topicId }] }, fakeServices(), 11).topics[0]).toMatchObject({ errorCode: 42, topicId });
    expect(ask({ topics: [{ topicId }] }, fakeServices(), 12).topics[0]).toMatchObject({ errorCode: 0, topicId });
  });
});
