import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Delivery, MarkersForBroker } from './marker-delivery.ts';
import { MarkerDelivery } from './marker-delivery.ts';

const ending = { producerId: 9, producerEpoch: 0, isAbort: false, coordinatorEpoch: 1, transactionVersion: 0 };

function bench() {
  const clock = new ManualClock();
  const leaders = new Map([
    ['a-0', 1],
    ['a-1', 2],
    ['b-0', 1],
  ]);
  const sent: { brokerId: number; markers: readonly MarkersForBroker[] }[] = [];
  const codes = new Map<string, ErrorCode>();
  const unreachable = new Set<number>();
  const delivery = new MarkerDelivery({
    clock,
    log: silentLog,
    leaderOf: (topic, partition) => leaders.get(`${topic}-${partition}`),
    send: async (brokerId, markers) => {
      sent.push({ brokerId, markers });
      if (unreachable.has(brokerId)) throw new Error('no answer');
      return markers.map(({ partitions }) =>
        [...partitions].flatMap(([topic, indexes]) =>
          indexes.map((partition) => ({
            topic,
            partition,
            code: codes.get(`${topic}-${partition}`) ?? errorCode.NONE,
          })),
        ),
      );
    },
  });
  const outcome: { is?: Delivery } = {};
  let isWanted = true;
  const deliver = (partitions: [string, number[]][], producerId = 9) =>
    void delivery
      .deliver({ ...ending, producerId }, new Map(partitions), () => isWanted)
      .then((is) => {
        outcome.is = is;
      });
  const run = async (ms = 0) => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    clock.advance(ms);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const callOff = () => {
    isWanted = false;
  };
  return { leaders, sent, codes, unreachable, deliver, outcome, run, callOff };
}

it('asks each leader once for all that ends in a turn', async () => {
  const { sent, deliver, outcome, run } = bench();
  deliver([['a', [0, 1]]]);
  deliver([['b', [0]]], 10);
  await run();
  expect(sent.map(({ brokerId, markers }) => [brokerId, markers.map(({ producerId }) => producerId)])).toEqual([
    [1, [9, 10]],
    [2, [9]],
  ]);
  expect(outcome.is).toBe('delivered');
});

it('sends again what failed, to whoever leads by then, and nothing else', async () => {
  const { sent, codes, leaders, deliver, outcome, run } = bench();
  codes.set('a-1', errorCode.NOT_LEADER_OR_FOLLOWER);
  deliver([['a', [0, 1]]]);
  await run();
  expect(outcome.is).toBeUndefined();
  codes.clear();
  leaders.set('a-1', 3);
  await run(1_000);
  expect(sent.at(-1)).toMatchObject({ brokerId: 3, markers: [{ partitions: new Map([['a', [1]]]) }] });
  expect(outcome.is).toBe('delivered');
});

it('tries a broker that does not answer again, ever more seldom', async () => {
  const { sent, unreachable, deliver, outcome, run } = bench();
  unreachable.add(1);
  deliver([['b', [0]]]);
  for (let second = 0; second < 10; second++) await run(1_000);
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.length).toBeLessThan(20);
  unreachable.clear();
  await run(1_000);
  expect(outcome.is).toBe('delivered');
});

it('waits for a leader, and leaves out partitions that are gone', async () => {
  const { sent, leaders, deliver, outcome, run } = bench();
  leaders.set('b-0', -1);
  deliver([
    ['b', [0]],
    ['deleted', [0]],
  ]);
  await run();
  expect(sent).toEqual([]);
  leaders.set('b-0', 2);
  await run(1_000);
  expect(sent.map(({ brokerId }) => brokerId)).toEqual([2]);
  expect(outcome.is).toBe('delivered');
});

it.each([errorCode.TRANSACTION_COORDINATOR_FENCED, errorCode.INVALID_PRODUCER_EPOCH])(
  'ends when another is at work (%i)',
  async (code) => {
    const { codes, deliver, outcome, run } = bench();
    codes.set('a-0', code);
    deliver([['a', [0, 1]]]);
    await run();
    expect(outcome.is).toBe('fenced');
  },
);

it('is called off when the coordinator has moved', async () => {
  const { sent, unreachable, deliver, outcome, run, callOff } = bench();
  unreachable.add(1);
  deliver([['b', [0]]]);
  await run();
  callOff();
  await run(5_000);
  expect(sent.length).toBe(1);
  expect(outcome.is).toBe('given-up');
});
