import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { defineHandler } from '../../api/handler.ts';
import { MemoryConnection } from '../../api/testing/memory-connection.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import { testDispatch } from '../testing/test-dispatch.ts';
import { noQuotas } from './request-quotas.ts';

const beat = { groupId: 'g', generationId: 1, memberId: 'm' };

/** A broker whose heartbeats wait for `answers`, and whose clients are over their quota by `throttleTimeMs`. */
function serve(throttleTimeMs: { value: number }) {
  const clock = new ManualClock();
  const answers: (() => void)[] = [];
  const heartbeat = defineHandler(apis.heartbeat.request, apis.heartbeat.response, {
    handle: () => new Promise((resolve) => answers.push(() => resolve({ errorCode: 0 }))),
  });
  const connection = new MemoryConnection();
  const quotas = { ...noQuotas, charge: () => throttleTimeMs.value };
  const registry = new MetricRegistry();
  testDispatch({ table: [heartbeat], clock, quotas, inFlightRequestsMax: 4, registry }).serve(connection);
  const ask = () => connection.request(apis.heartbeat.request, 4, beat);
  const answer = async () => {
    answers.shift()?.();
    await new Promise(process.nextTick);
  };
  return { clock, connection, registry, ask, answer };
}

it('answers a client over its quota at once, says how long it waits, and reads on when that is over', async () => {
  const { clock, connection, registry, ask, answer } = serve({ value: 250 });
  ask();
  await answer();
  expect(registry.text()).toContain('millrace_throttle_seconds_total{api="Heartbeat"} 0.25');
  expect(connection.response(apis.heartbeat, 4).body.throttleTimeMs).toBe(250);
  expect(connection.paused).toBe(true);
  clock.advance(249);
  expect(connection.paused).toBe(true);
  clock.advance(1);
  expect(connection.paused).toBe(false);
});

it('waits out the longest throttle of several', async () => {
  const throttle = { value: 400 };
  const { clock, connection, ask, answer } = serve(throttle);
  ask();
  ask();
  await answer();
  throttle.value = 100;
  await answer();
  clock.advance(399);
  expect(connection.paused).toBe(true);
  clock.advance(1);
  expect(connection.paused).toBe(false);
});

it('keeps a throttled connection back when its queue of responses lets go', async () => {
  const throttle = { value: 0 };
  const { clock, connection, ask, answer } = serve(throttle);
  for (let count = 0; count < 4; count++) ask();
  expect(connection.paused).toBe(true);
  throttle.value = 1_000;
  await answer();
  throttle.value = 0;
  for (let count = 0; count < 3; count++) await answer();
  expect([connection.sent.length, connection.paused]).toEqual([4, true]);
  clock.advance(1_000);
  expect(connection.paused).toBe(false);
});

it('keeps a connection back whose responses are not taken when its throttle is over', async () => {
  const throttle = { value: 10 };
  const { clock, connection, ask, answer } = serve(throttle);
  ask();
  await answer();
  throttle.value = 0;
  for (let count = 0; count < 4; count++) ask();
  clock.advance(10);
  expect(connection.paused).toBe(true);
  for (let count = 0; count < 2; count++) await answer();
  expect(connection.paused).toBe(false);
});

it('says nothing of throttling while no quota is exceeded', async () => {
  const { connection, ask, answer } = serve({ value: 0 });
  ask();
  await answer();
  expect([connection.response(apis.heartbeat, 4).body.throttleTimeMs, connection.paused]).toEqual([0, false]);
});
