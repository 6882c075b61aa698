import { describe, expect, it } from 'vitest';
import { int32Max, sequenceAfter } from '../../../records/batch-layout.ts';
import { batchOf } from '../../../records/testing/batch-of.ts';
import { logError } from '../log-refusal.ts';
import { append, refusalOf, testLog } from '../testing/test-batches.ts';
import { decodeSnapshot, encodeSnapshot } from './producer-snapshot.ts';
import { ProducerState } from './producer-state.ts';

const from = (baseSequence: number, producerEpoch = 0, producerId = 5) => ({ producerId, producerEpoch, baseSequence });

function stateAfter(...steps: [count: number, more: ReturnType<typeof from>][]): ProducerState {
  const state = new ProducerState();
  for (const [count, more] of steps) {
    const values = Array.from({ length: count }, () => 'v');
    state.apply(batchOf(values, { ...more, baseOffset: state.endOffset }), 0);
  }
  return state;
}

describe('producer state', () => {
  const verdicts: [string, ProducerState, number, ReturnType<typeof from>, string][] = [
    ['the first batch of an unknown producer, at any sequence', stateAfter(), 1, from(17), 'accept'],
    ['the next sequence', stateAfter([3, from(0)]), 2, from(3), 'accept'],
    ['a gap', stateAfter([3, from(0)]), 1, from(4), `refuse ${logError.OUT_OF_ORDER_SEQUENCE_NUMBER}`],
    ['an exact repetition', stateAfter([3, from(0)]), 3, from(0), 'duplicate 0'],
    [
      'an overlapping batch of another length',
      stateAfter([3, from(0)]),
      2,
      from(0),
      `refuse ${logError.OUT_OF_ORDER_SEQUENCE_NUMBER}`,
    ],
    ['a new epoch from 0', stateAfter([3, from(0)]), 1, from(0, 1), 'accept'],
    [
      'a new epoch not from 0',
      stateAfter([3, from(0)]),
      1,
      from(3, 1),
      `refuse ${logError.OUT_OF_ORDER_SEQUENCE_NUMBER}`,
    ],
    ['an old epoch', stateAfter([1, from(0, 4)]), 1, from(1, 3), `refuse ${logError.INVALID_PRODUCER_EPOCH}`],
    ['the sequence after the largest', stateAfter([2, from(int32Max - 1)]), 1, from(0), 'accept'],
    ['a batch over the wrap', stateAfter([1, from(int32Max - 1)]), 3, from(int32Max), 'accept'],
    ['the batch after a wrapping one', stateAfter([3, from(int32Max)]), 1, from(2), 'accept'],
    ['a repeated wrapping batch', stateAfter([3, from(int32Max)]), 3, from(int32Max), 'duplicate 0'],
  ];
  for (const [name, state, count, more, expected] of verdicts) {
    it(`judges ${name}: ${expected}`, () => {
      const verdict = state.check(
        batchOf(
          Array.from({ length: count }, () => 'v'),
          more,
        ),
        0,
      );
      const detail =
        verdict.kind === 'duplicate'
          ? ` ${verdict.batch.baseOffset}`
          : verdict.kind === 'refuse'
            ? ` ${verdict.refusal.code}`
            : '';
      expect(verdict.kind + detail).toBe(expected);
    });
  }

  it('wraps sequences', () => {
    expect([sequenceAfter(5, 2), sequenceAfter(int32Max, 1), sequenceAfter(int32Max - 1, 3)]).toEqual([7, 0, 1]);
  });

  it('remembers the last five batches and no more', () => {
    const state = stateAfter(...Array.from({ length: 6 }, (_, at): [number, ReturnType<typeof from>] => [1, from(at)]));
    expect(state.check(batchOf(['v'], from(1)), 0).kind).toBe('duplicate');
    expect(state.check(batchOf(['v'], from(0)), 0).kind).toBe('refuse');
  });

  it('answers repetitions with the first offsets after a clean restart and after a crash', () => {
    for (const clean of [true, false]) {
      const { open } = testLog();
      let log = open();
      for (let at = 0; at < 12; at++) append(log, ['a', 'b'], from(at * 2));
      log.close({ clean });
      log = open({ cleanShutdown: clean });
      for (let at = 7; at < 12; at++)
        expect(append(log, ['a', 'b'], from(at * 2))).toMatchObject({
          duplicate: true,
          firstOffset: at * 2,
          lastOffset: at * 2 + 1,
        });
      expect(log.endOffset).toBe(24);
      expect(refusalOf(log, batchOf(['x'], from(99))).code).toBe(logError.OUT_OF_ORDER_SEQUENCE_NUMBER);
      expect(append(log, ['next'], from(24))).toMatchObject({ duplicate: false, firstOffset: 24 });
    }
  });

  it('takes back what was truncated', () => {
    const log = testLog().open();
    for (let at = 0; at < 10; at++) append(log, ['v'], from(at));
    log.truncateTo(6);
    expect(refusalOf(log, batchOf(['v'], from(9))).code).toBe(logError.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(append(log, ['v'], from(6))).toMatchObject({ duplicate: false, firstOffset: 6 });
  });

  it('follows transactions and their markers', () => {
    const state = stateAfter([2, from(0)]);
    state.apply(batchOf(['t'], { ...from(2), isTransactional: true, baseOffset: 2 }), 0);
    expect(state.entries.get(5)).toMatchObject({ currentTxnFirstOffset: 2 });
    const marker = { key: Buffer.from('00000001', 'hex'), value: Buffer.from('00000000000c', 'hex') };
    state.apply(markerBatch(marker), 0);
    expect(state.entries.get(5)).toMatchObject({
      currentTxnFirstOffset: -1,
      coordinatorEpoch: 12,
      epoch: 1,
      batches: [],
    });
  });

  it('forgets producers that are silent for long, but none with an open transaction', () => {
    const state = stateAfter([1, from(0)]);
    state.apply(batchOf(['t'], { ...from(0, 0, 6), isTransactional: true, baseOffset: 1 }), 0);
    state.expire(Number.MAX_SAFE_INTEGER);
    expect([...state.entries.keys()]).toEqual([6]);
  });
});

function markerBatch(record: { key: Buffer; value: Buffer }): Buffer {
  return batchOf([], {
    records: [record],
    producerId: 5,
    producerEpoch: 1,
    baseOffset: 3,
    isControl: true,
    isTransactional: true,
  });
}

describe('producer snapshot', () => {
  it('keeps the last batch of each producer, wrapped or not', () => {
    const state = stateAfter([2, from(0)], [3, from(int32Max, 2, 8)]);
    const entries = decodeSnapshot(encodeSnapshot(state.entries.values()));
    expect(entries).toEqual([...state.entries.values()]);
  });

  it('has the bytes of Kafka, and is refused when one of them changes', () => {
    const bytes = encodeSnapshot(stateAfter([2, from(4)]).entries.values());
    expect(bytes.subarray(0, 2).toString('hex') + bytes.subarray(6).toString('hex')).toBe(
      '0001' +
        '00000001' +
        '0000000000000005' +
        '0000' +
        '00000005' +
        '0000000000000001' +
        '00000001' +
        '0000018bcfe56800' +
        'ffffffff' +
        'ffffffffffffffff',
    );
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 1;
      expect(decodeSnapshot(damaged), `byte ${at}`).toBeUndefined();
    }
  });
});
