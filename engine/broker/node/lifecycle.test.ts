import { describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import type { ControllerGateway } from '../api/controller/controller-gateway.ts';
import { Lifecycle } from './lifecycle.ts';
import { testConfig } from './testing/test-config.ts';

interface Sent {
  readonly key: number;
  readonly request: Record<string, unknown>;
  readonly answer: (reply: Record<string, unknown>) => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** Lets promise callbacks run. */
const settle = () => new Promise<void>((resolve) => process.nextTick(resolve));

function setUp() {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const fatal: Error[] = [];
  const state = { metadataOffset: -1 };
  const submit = (api: { key: number }, request: Record<string, unknown>) =>
    new Promise((resolve, reject) => {
      const answer = (reply: Record<string, unknown>) => {
        resolve({ errorCode: 0, ...reply });
        return settle();
      };
      const fail = () => {
        reject(new Error('no controller'));
        return settle();
      };
      sent.push({ key: api.key, request, answer, fail });
    });
  const lifecycle = new Lifecycle({
    config: testConfig,
    clock,
    random: new SeededRandom(1),
    log: silentLog,
    controller: { submit } as unknown as ControllerGateway,
    directoryId: 'AAAAAAAAAAAAAAAAAAAAAw',
    previousBrokerEpoch: 3,
    incarnationId: undefined,
    metadataOffset: () => state.metadataOffset,
    wantFence: () => false,
    onFatal: (error) => fatal.push(error),
  });
  lifecycle.start();
  const last = () => sent[sent.length - 1] as Sent;
  return { clock, sent, last, state, lifecycle, fatal };
}

describe('Lifecycle', () => {
  it('registers, says at once that it has caught up, then keeps its session', async () => {
    const { clock, sent, last, state, lifecycle } = setUp();
    expect(last()).toMatchObject({ key: 62, request: { brokerId: 1, previousBrokerEpoch: 3 } });
    await last().answer({ brokerEpoch: 10 });
    expect(lifecycle.brokerEpoch).toBe(10);
    expect(last()).toMatchObject({ key: 63, request: { brokerEpoch: 10, currentMetadataOffset: -1 } });
    await last().answer({ isFenced: true });
    state.metadataOffset = 10;
    lifecycle.metadataAdvanced();
    expect(last().request).toMatchObject({ currentMetadataOffset: 10, wantFence: false });
    await last().answer({ isFenced: false });
    expect(lifecycle.isFenced).toBe(false);
    const count = sent.length;
    clock.advance(testConfig.settings.brokerHeartbeatIntervalMs);
    expect(sent).toHaveLength(count + 1);
  });

  it('repeats a heartbeat at once when it caught up while one was on its way', async () => {
    const { clock, sent, last, state } = setUp();
    await last().answer({ brokerEpoch: 10 });
    state.metadataOffset = 11;
    await last().answer({ isFenced: true });
    clock.advance(0);
    expect(sent).toHaveLength(3);
    expect(last().request.currentMetadataOffset).toBe(11);
  });

  it('tries again while there is no controller, and registers anew when it is not known any more', async () => {
    const { clock, sent, last } = setUp();
    await last().fail();
    clock.advance(25);
    expect(sent.map(({ key }) => key)).toEqual([62, 62]);
    const incarnation = last().request.incarnationId;
    await last().answer({ brokerEpoch: 5 });
    await last().answer({ errorCode: 77 });
    clock.advance(25);
    expect(last()).toMatchObject({ key: 62, request: { incarnationId: incarnation } });
  });

  it('knows its registration from the metadata when the answer is late (simulation seed 2545)', async () => {
    const { last, lifecycle } = setUp();
    lifecycle.sawRegistration(10);
    expect(lifecycle.brokerEpoch).toBe(10);
    let isGone = false;
    const gone = lifecycle.shutDown(1_000).then(() => {
      isGone = true;
    });
    await last().answer({ brokerEpoch: 10 });
    expect(isGone).toBe(false);
    expect(last()).toMatchObject({ key: 63, request: { brokerEpoch: 10, wantShutDown: true } });
    await last().answer({ isFenced: true, shouldShutDown: true });
    await gone;
  });

  it('is let go once the controller says so, or after the bound', async () => {
    const { clock, last, lifecycle } = setUp();
    await last().answer({ brokerEpoch: 1 });
    await last().answer({ isFenced: false });
    let isGone = false;
    const gone = lifecycle.shutDown(1_000).then(() => {
      isGone = true;
    });
    expect(last().request.wantShutDown).toBe(true);
    await last().answer({ isFenced: false, shouldShutDown: false });
    expect(isGone).toBe(false);
    clock.advance(30);
    await last().answer({ isFenced: true, shouldShutDown: true });
    await gone;
    const other = setUp();
    await other.last().answer({ brokerEpoch: 1 });
    const bounded = other.lifecycle.shutDown(1_000);
    other.clock.advance(1_000);
    await bounded;
    expect(other.clock.nextDueMs).toBeUndefined();
  });

  it('goes on when a request is never answered, and takes no answer that comes after that', async () => {
    const { clock, sent, last, lifecycle } = setUp();
    await last().answer({ brokerEpoch: 7 });
    const silent = last();
    clock.advance(testConfig.settings.brokerSessionTimeoutMs + 1_100);
    expect(sent.map(({ key }) => key)).toEqual([62, 63, 63]);
    await silent.answer({ isFenced: false });
    expect(lifecycle.isFenced).toBe(true);
    await last().answer({ isFenced: false });
    expect(lifecycle.isFenced).toBe(false);
  });

  it('ends the broker when the controller serves another cluster', async () => {
    const { last, fatal } = setUp();
    await last().answer({ errorCode: 104 });
    expect(fatal).toHaveLength(1);
  });
});
