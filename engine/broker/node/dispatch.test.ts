import { describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import type { ApiHandler } from '../api/handler.ts';
import { defineHandler } from '../api/handler.ts';
import { handlers } from '../api/table.ts';
import { fakeServices } from '../api/testing/fake-services.ts';
import { MemoryConnection } from '../api/testing/memory-connection.ts';
import { Dispatch } from './dispatch.ts';
import { MetricRegistry } from './metrics/metric-registry.ts';
import { RequestMetrics } from './metrics/request-metrics.ts';
import { quietDoor } from './testing/quiet-door.ts';
import { testConfig } from './testing/test-config.ts';

function serve(table: readonly ApiHandler[] = handlers, isPeer = false) {
  const registry = new MetricRegistry();
  const connection = new MemoryConnection(isPeer);
  const served = new Set(table.map(({ key }) => key));
  const services = fakeServices({ settings: testConfig.settings, serves: (key) => served.has(key) });
  new Dispatch(table, services, new RequestMetrics(registry), quietDoor()).serve(connection);
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
    const slow = defineHandler(
      apis.metadata.request,
      apis.metadata.response,
      () => new Promise((resolve) => pending.push(() => resolve({ brokers: [], topics: [] }))),
    );
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
    const never = defineHandler(apis.metadata.request, apis.metadata.response, () => new Promise(() => {}));
    const { connection } = serve([never]);
    for (let count = 0; count < 100; count++) connection.request(apis.metadata.request, 9, { topics: null });
    expect([connection.paused, connection.closeReason]).toEqual([true, undefined]);
    connection.request(apis.metadata.request, 9, { topics: null });
    expect(connection.closeReason).toContain('held back');
  });

  it('keeps internal APIs for peers', () => {
    const vote = defineHandler(apis.vote.request, apis.vote.response, () => ({ errorCode: 0, topics: [] }));
    const body = { clusterId: null, topics: [] };
    const client = serve([vote]).connection;
    client.request(apis.vote.request, 0, body);
    expect(client.response(apis.vote, 0).body.errorCode).toBe(31);
    const peer = serve([vote], true).connection;
    peer.request(apis.vote.request, 0, body);
    expect(peer.response(apis.vote, 0).body.errorCode).toBe(0);
  });

  it('closes when a handler throws, and counts errors on every row', () => {
    const broken = defineHandler(apis.metadata.request, apis.metadata.response, () => {
      throw new Error('a bug');
    });
    const { connection } = serve([broken]);
    connection.request(apis.metadata.request, 9, { topics: null });
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
