import { describe, expect, it } from 'vitest';
import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import type { ApiHandler } from '../api/handler.ts';
import { defineHandler } from '../api/handler.ts';
import { handlers } from '../api/table.ts';
import { MemoryConnection } from '../api/testing/memory-connection.ts';
import { sampleOf } from '../api/testing/sample-message.ts';
import { MetricRegistry } from './metrics/metric-registry.ts';
import { testDispatch } from './testing/test-dispatch.ts';

function serve(table: readonly ApiHandler[] = handlers, isPeer = false) {
  const registry = new MetricRegistry();
  const connection = new MemoryConnection(isPeer);
  testDispatch({ table, registry }).serve(connection);
  return { connection, registry };
}

const softwareName = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' };

describe('Dispatch', () => {
  it('announces what the table serves, with the ranges of the protocol', () => {
    const { connection } = serve();
    connection.request(apis.apiVersions.request, 4, softwareName);
    const { body } = connection.response(apis.apiVersions, 4);
    expect(body.apiKeys.find(({ apiKey }) => apiKey === 3)).toEqual({ apiKey: 3, minVersion: 0, maxVersion: 13 });
    expect(body.apiKeys.some(({ apiKey }) => apiKey === apis.vote.key)).toBe(false);
  });

  it('answers an ApiVersions request that is too new in the oldest form', () => {
    const { connection } = serve();
    const frame = Buffer.from('0012000900000007ffff00', 'hex');
    connection.onFrame(frame);
    const { correlationId, body } = connection.response(apis.apiVersions, 0);
    expect([correlationId, body.errorCode]).toEqual([7, 35]);
    expect(body.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 5 }]);
    expect(connection.closeReason).toBeUndefined();
  });

  it('closes on an unknown key, an unknown version and a frame that is no request', () => {
    for (const hex of ['7fff000000000001ffff', '0003006300000001ffff00', '00']) {
      const { connection } = serve();
      connection.onFrame(Buffer.from(hex, 'hex'));
      expect(connection.closeReason, hex).toBeDefined();
    }
  });

  it('sends responses in the order of requests, whichever is ready first', async () => {
    const pending: (() => void)[] = [];
    const slow = defineHandler(apis.metadata.request, apis.metadata.response, {
      handle: () => new Promise((resolve) => pending.push(() => resolve({ brokers: [], topics: [] }))),
      refuse: () => ({ brokers: [], topics: [] }),
    });
    const { connection } = serve([slow, ...handlers.filter(({ key }) => key !== 3)]);
    connection.request(apis.metadata.request, 9, { topics: null });
    connection.request(apis.apiVersions.request, 4, softwareName);
    connection.request(apis.metadata.request, 9, { topics: null });
    expect(connection.sent).toHaveLength(0);
    pending[1]?.();
    await Promise.resolve();
    expect(connection.sent).toHaveLength(0);
    pending[0]?.();
    await new Promise(process.nextTick);
    expect([0, 1, 2].map((index) => connection.sent[index]?.readInt32BE(0))).toEqual([1, 2, 3]);
  });

  it('holds a connection back while too many requests are unanswered, and closes it when it sends on', () => {
    const never = defineHandler(apis.heartbeat.request, apis.heartbeat.response, {
      handle: () => new Promise(() => {}),
    });
    const { connection } = serve([never]);
    const beat = () => connection.request(apis.heartbeat.request, 4, { groupId: 'g', generationId: 1, memberId: 'm' });
    for (let count = 0; count < 100; count++) beat();
    expect([connection.paused, connection.closeReason]).toEqual([true, undefined]);
    beat();
    expect(connection.closeReason).toContain('held back');
  });

  it.each(Object.values<Api>(apis).filter(({ audience }) => audience === 'internal'))(
    'keeps $name for the brokers of the cluster',
    ({ request, response, versionMax, name, key }) => {
      const unasked = () => {
        throw new Error(`${name} reached its handler`);
      };
      const table = handlers.map((handler) => ({ ...handler, handle: unasked }));
      const client = serve(table).connection;
      client.request(request, versionMax, sampleOf(request));
      const { errorCode } = client.response({ request, response } as Api, versionMax).body as { errorCode?: number };
      expect(errorCode).toBe(31);
      const peer = serve(table, true).connection;
      peer.request(request, versionMax, sampleOf(request));
      expect(peer.closeReason, `${key} is handed on`).toBe('the broker failed to answer');
    },
  );

  it('closes when a handler throws, and counts errors on every row', () => {
    const broken = defineHandler(apis.describeQuorum.request, apis.describeQuorum.response, {
      handle: () => {
        throw new Error('a bug');
      },
    });
    const { connection } = serve([broken]);
    connection.request(apis.describeQuorum.request, 0, { topics: [] });
    expect(connection.closeReason).toBeDefined();
    const second = serve();
    second.connection.request(apis.metadata.request, 9, {
      topics: [{ name: 'nosuch' }, { name: 'a/b' }],
      allowAutoTopicCreation: false,
    });
    const text = second.registry.text();
    expect(text).toContain('millrace_errors_total{api="Metadata",error="UNKNOWN_TOPIC_OR_PARTITION"} 1');
    expect(text).toContain('millrace_errors_total{api="Metadata",error="INVALID_TOPIC_EXCEPTION"} 1');
    expect(text).toContain('millrace_request_seconds_count{api="Metadata"} 1');
  });
});
