import { expect, it } from 'vitest';
import { groupMachine } from '../group-machine.ts';
import type { OffsetRecord } from '../group-records.ts';

const { transactions } = groupMachine;

function shard() {
  const state = groupMachine.create();
  const commit = (partition: number, offset: number): OffsetRecord => ({
    kind: 'offset',
    place: { groupId: 'g', topic: 't', partition },
    committed: { offset, leaderEpoch: -1, metadata: '', commitTimestampMs: 0, expireTimestampMs: -1 } as never,
  });
  const forget = (partition: number): OffsetRecord => ({
    kind: 'offset',
    place: { groupId: 'g', topic: 't', partition },
    committed: null,
  });
  const committed = () => state.stored.get('g')?.offsets.get('t')?.get(0)?.offset;
  const hold = (record: OffsetRecord, recordOffset: number, producerId: number) =>
    transactions?.hold(state, record, recordOffset, producerId);
  const end = (producerId: number, isAbort: boolean) => transactions?.end(state, { producerId, isAbort });
  return { state, commit, forget, committed, hold, end };
}

it('counts an offset when its transaction is committed, and forgets it when that is aborted', () => {
  const { state, commit, committed, hold, end } = shard();
  hold(commit(0, 5), 10, 1);
  expect(committed()).toBeUndefined();
  expect(state.held.isHeld('g', 't', 0)).toBe(true);
  end(1, true);
  expect([committed(), state.held.isHeld('g', 't', 0)]).toEqual([undefined, false]);
  hold(commit(0, 7), 12, 1);
  hold(commit(0, 8), 13, 1);
  end(1, false);
  expect([committed(), state.held.isHeld('g', 't', 0)]).toEqual([8, false]);
});

it('lets the later record hold, whether it came in a transaction or not, and whenever that ended', () => {
  const { state, commit, committed, hold, end } = shard();
  hold(commit(0, 5), 10, 1);
  groupMachine.apply(state, commit(0, 6), 11);
  end(1, false);
  expect(committed()).toBe(6);
});

it('waits for every transaction that has the partition', () => {
  const { state, commit, hold, end } = shard();
  hold(commit(0, 5), 10, 1);
  hold(commit(0, 6), 11, 2);
  end(1, false);
  expect(state.held.isHeld('g', 't', 0)).toBe(true);
  end(2, true);
  expect(state.held.isHeld('g', 't', 0)).toBe(false);
});

it('a tombstone takes back what stands before it, and nothing behind it', () => {
  const { state, commit, committed, forget, hold, end } = shard();
  hold(commit(0, 5), 10, 1);
  hold(commit(1, 6), 11, 1);
  expect(state.held.placesOf('g')).toHaveLength(2);
  groupMachine.apply(state, forget(0), 12);
  expect([state.held.isHeld('g', 't', 0), state.held.isHeld('g', 't', 1)]).toEqual([false, true]);
  hold(commit(0, 9), 13, 1);
  end(1, false);
  expect(committed()).toBe(9);
  expect(state.held.groupIds.size).toBe(0);
});
