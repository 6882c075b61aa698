import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { FetchSessionCache } from '../../api/fetch/fetch-session-cache.ts';
import { defineHandler } from '../../api/handler.ts';
import { MemoryConnection } from '../../api/testing/memory-connection.ts';
import type { QuotaEntity, QuotaKey } from '../../quota/quota-entity.ts';
import { entityText } from '../../quota/quota-entity.ts';
import { testConfig } from '../testing/test-config.ts';
import { testDispatch } from '../testing/test-dispatch.ts';
import { BrokerQuotas } from './broker-quotas.ts';

const { produce, fetch, heartbeat } = apis;
const beat = { groupId: 'g', generationId: 1, memberId: 'm' };
const sessions = new FetchSessionCache({ clock: new ManualClock(), random: { next: () => 0.5 } as never, slots: 1 });

/** A broker whose handlers do nothing but answer; heartbeats take `workMs` of the thread. */
function serve(
  quotas: readonly (readonly [QuotaEntity, QuotaKey, number])[],
  { isPeer = false, workMs = 0, isSmooth = false } = {},
) {
  const clock = new ManualClock();
  const broker = new BrokerQuotas(clock, {
    ...testConfig,
    settings: { ...testConfig.settings, quotaSmoothing: isSmooth },
  });
  broker.setTable(
    new Map(quotas.map(([entity, key, value]) => [entityText(entity), { values: new Map([[key, value]]) }])),
  );
  const connection = new MemoryConnection(isPeer);
  const table = [
    defineHandler(produce.request, produce.response, {
      handle: ({ acks }) => (acks === 0 ? undefined : { responses: [] }),
      refuse: () => ({ responses: [] }),
    }),
    defineHandler(fetch.request, fetch.response, {
      handle: ({ maxBytes }) => ({ sessionId: 0, responses: [row(maxBytes)] }),
      refuse: () => ({ responses: [] }),
      shed: () => ({ responses: [] }),
    }),
    defineHandler(heartbeat.request, heartbeat.response, {
      handle: () => {
        clock.advance(workMs);
        return { errorCode: 0 };
      },
    }),
  ];
  testDispatch({ table, clock, quotas: broker, services: { fetchSessions: sessions } }).serve(connection);
  const send = (bytes: number, acks = 1) => {
    const partitionData = [{ index: 0, records: Buffer.alloc(bytes) }];
    connection.request(produce.request, 9, { acks, timeoutMs: 0, topicData: [{ name: 't', partitionData }] });
  };
  const read = (maxBytes: number) =>
    connection.request(fetch.request, 12, { maxWaitMs: 0, minBytes: 0, maxBytes, topics: [] });
  return { clock, broker, connection, send, read };
}

function row(bytes: number) {
  const records = Buffer.alloc(bytes);
  const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 0, abortedTransactions: null, records };
  return { topic: 't', partitions: [partition] };
}

function throttleOf(
  connection: MemoryConnection,
  api: typeof produce | typeof fetch | typeof heartbeat,
  version: number,
) {
  return connection.response(api as never, version).body as { throttleTimeMs: number; responses?: unknown[] };
}

it('charges a producer the bytes of its requests, as Kafka was measured to with three in a row', () => {
  const { clock, connection, send } = serve([[{ 'client-id': 'test' }, 'producer_byte_rate', 20_000]]);
  send(119_930);
  expect([throttleOf(connection, produce, 9).throttleTimeMs, connection.paused]).toEqual([0, false]);
  send(119_930);
  const { throttleTimeMs } = throttleOf(connection, produce, 9);
  expect(Math.abs(throttleTimeMs - 2_009)).toBeLessThan(25);
  expect(connection.paused).toBe(true);
  clock.advance(throttleTimeMs);
  expect(connection.paused).toBe(false);
});

it('holds back a producer that wants no answer', () => {
  const { clock, connection, send } = serve([[{ user: null }, 'producer_byte_rate', 20_000]]);
  send(260_000, 0);
  expect([connection.sent.length, connection.paused]).toEqual([0, true]);
  clock.advance(2_990);
  expect(connection.paused).toBe(true);
  clock.advance(20);
  expect(connection.paused).toBe(false);
});

it('gives a consumer over its quota nothing, and does not charge it for that', () => {
  const { clock, connection, read } = serve([[{ user: 'ANONYMOUS' }, 'consumer_byte_rate', 10_000]]);
  read(90_000);
  expect(throttleOf(connection, fetch, 12)).toMatchObject({ throttleTimeMs: 0, responses: [{ topic: 't' }] });
  read(30_000);
  const shed = throttleOf(connection, fetch, 12);
  expect(shed.responses).toEqual([]);
  expect(Math.abs(shed.throttleTimeMs - 2_000)).toBeLessThan(25);
  read(9_000);
  expect(throttleOf(connection, fetch, 12).throttleTimeMs).toBe(0);
  expect(connection.paused).toBe(true);
  clock.advance(2_100);
  expect(connection.paused).toBe(false);
});

it('gives a consumer with a smooth quota what it asked for, a second’s worth, and then lets it wait', () => {
  const { connection, broker, read } = serve([[{ user: null }, 'consumer_byte_rate', 10_000]], { isSmooth: true });
  expect(broker.fetchBytesMax({ type: 'User', name: 'ANONYMOUS' }, null)).toBe(10_000);
  read(30_000);
  const { throttleTimeMs, responses } = throttleOf(connection, fetch, 12);
  expect(responses).toHaveLength(1);
  expect(Math.abs(throttleTimeMs - 2_000)).toBeLessThan(25);
  expect(connection.paused).toBe(true);
});

it('says how much a consumer may fetch at a time: ten seconds of its quota', () => {
  const { broker } = serve([[{ user: 'ANONYMOUS' }, 'consumer_byte_rate', 10_000]]);
  expect(broker.fetchBytesMax({ type: 'User', name: 'ANONYMOUS' }, 'x')).toBe(100_000);
  expect(broker.fetchBytesMax({ type: 'User', name: 'else' }, 'x')).toBe(Number.POSITIVE_INFINITY);
});

it('charges the time that requests take, a second at most at a time', () => {
  const { connection } = serve([[{ 'client-id': null }, 'request_percentage', 1]], { workMs: 150 });
  const throttles = [1, 2, 3].map(() => {
    connection.request(heartbeat.request, 4, beat);
    return throttleOf(connection, heartbeat, 4).throttleTimeMs;
  });
  expect(throttles).toEqual([1_000, 1_000, 1_000]);
  const idle = serve([[{ 'client-id': null }, 'request_percentage', 100]], { workMs: 150 });
  idle.connection.request(heartbeat.request, 4, beat);
  expect(throttleOf(idle.connection, heartbeat, 4).throttleTimeMs).toBe(0);
});

it('throttles no broker of the cluster', () => {
  const { connection, send, read } = serve(
    [
      [{ user: null }, 'producer_byte_rate', 1],
      [{ 'client-id': null }, 'consumer_byte_rate', 1],
    ],
    { isPeer: true },
  );
  send(100_000);
  read(100_000);
  expect(throttleOf(connection, fetch, 12)).toMatchObject({ throttleTimeMs: 0, responses: [{ topic: 't' }] });
  expect(connection.paused).toBe(false);
});
