import { describe, expect, it } from 'vitest';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { batchesOf, readBatchHeader } from '../../records/record-batch.ts';
import { batchOf } from '../../records/testing/batch-of.ts';
import { markerAt } from '../../records/transaction-marker.ts';
import { logError } from './log-refusal.ts';
import type { PartitionLog } from './partition-log.ts';
import { append, appendInTransaction, appendMarker, refusalOf, testFolder, testLog } from './testing/test-batches.ts';

const everything = { maxBytes: 1 << 20, before: Number.MAX_SAFE_INTEGER, atLeastOneBatch: true };

describe('the last stable offset', () => {
  it('stands at the oldest open transaction, and moves when its marker is committed', () => {
    const log = testLog().open();
    append(log, ['a', 'b']);
    appendInTransaction(log, ['c', 'd'], 1);
    appendInTransaction(log, ['e'], 2);
    expect(log.lastStableOffset(1)).toBe(1);
    expect(log.lastStableOffset(log.endOffset)).toBe(2);
    appendMarker(log, 1, 'commit'); // at 5
    expect(log.lastStableOffset(5)).toBe(2); // the marker may still be lost
    expect(log.lastStableOffset(6)).toBe(4);
    appendMarker(log, 2, 'abort'); // at 6
    expect([log.lastStableOffset(6), log.lastStableOffset(7)]).toEqual([4, 7]);
  });

  it.each([
    ['a clean restart', true],
    ['a crash', false],
  ])('is the same after %s, also when the transaction began in an older segment', (_, cleanShutdown) => {
    const { open } = testLog();
    let log = open();
    append(log, ['first']);
    appendInTransaction(log, ['open'], 1);
    for (let at = 0; at < 40; at++) append(log, [`filler ${at}`]);
    expect(log.segmentCount).toBeGreaterThan(2);
    log.close({ clean: cleanShutdown });
    log = open({ cleanShutdown });
    expect(log.lastStableOffset(log.endOffset)).toBe(1);
    expect(log.producers.get(1)).toMatchObject({ currentTxnFirstOffset: 1 });
    appendMarker(log, 1, 'commit');
    expect(log.lastStableOffset(log.endOffset)).toBe(log.endOffset);
  });

  it('takes back what was cut: the transaction is open again when its marker is gone', () => {
    const log = testLog().open();
    appendInTransaction(log, ['a'], 1);
    appendMarker(log, 1, 'abort');
    log.truncateTo(1);
    expect(log.lastStableOffset(1)).toBe(0);
    expect(log.abortedTransactions(0, 1)).toEqual([]);
    log.truncateFullyAndStartAt(0);
    expect(log.lastStableOffset(0)).toBe(0);
    append(log, ['b']);
    expect(log.lastStableOffset(1)).toBe(1);
  });
});

describe('the index of aborted transactions', () => {
  it('has the bytes of Kafka: version, producer, first and last offset, last stable offset', () => {
    const { open, disk } = testLog();
    const log = open();
    append(log, ['a']);
    appendInTransaction(log, ['b'], 7);
    appendInTransaction(log, ['c'], 8);
    appendMarker(log, 8, 'abort');
    log.close({ clean: true });
    const fields = ['0000', '0000000000000008', '0000000000000002', '0000000000000003', '0000000000000001'];
    expect(disk.readFile(`${testFolder}/00000000000000000000.txnindex`)?.toString('hex')).toBe(fields.join(''));
  });

  it('is no file while nothing was aborted', () => {
    const { open, disk } = testLog();
    const log = open();
    for (let at = 0; at < 30; at++) {
      appendInTransaction(log, ['a'], 7, { sequence: at });
      appendMarker(log, 7, 'commit');
    }
    log.close({ clean: true });
    expect(disk.list(testFolder).filter((name) => name.endsWith('txnindex'))).toEqual([]);
  });

  it('says nothing of a marker without records', () => {
    const log = testLog().open();
    append(log, ['a']);
    appendMarker(log, 7, 'abort');
    expect(log.abortedTransactions(0, 2)).toEqual([]);
  });
});

describe('what a leader refuses', () => {
  const transactional = (sequence = 0, producerEpoch = 0) =>
    batchOf(['t'], { producerId: 3, producerEpoch, baseSequence: sequence, isTransactional: true });

  it('a batch that begins a transaction of which the coordinator was not asked', () => {
    const log = testLog().open();
    expect(refusalOf(log, transactional()).code).toBe(logError.INVALID_TXN_STATE);
  });

  it('one whose question a marker has overtaken: it would never end', () => {
    const log = testLog().open();
    const verification = log.startVerification(3, 0, 0);
    appendMarker(log, 3, 'abort');
    const late = log.appendAsLeader(transactional(), { leaderEpoch: 0, origin: 'client', verification });
    expect(late).toMatchObject({ ok: false, error: { code: logError.INVALID_TXN_STATE } });
  });

  it('nothing more than once: the open transaction goes on without a question, and a repeated batch is recognised', () => {
    const log = testLog().open();
    appendInTransaction(log, ['t'], 3);
    expect(log.startVerification(3, 0, 1)).toBeUndefined();
    append(log, ['t'], { producerId: 3, producerEpoch: 0, baseSequence: 1, isTransactional: true });
    appendMarker(log, 3, 'commit');
    const again = log.appendAsLeader(transactional(1), { leaderEpoch: 0, origin: 'client' });
    expect(again).toMatchObject({ ok: true, value: { duplicate: true, firstOffset: 1 } });
  });

  it('a batch outside of the transaction that its producer has open', () => {
    const log = testLog().open();
    appendInTransaction(log, ['t'], 3);
    const outside = batchOf(['x'], { producerId: 3, producerEpoch: 0, baseSequence: 1 });
    expect(refusalOf(log, outside).code).toBe(logError.INVALID_TXN_STATE);
  });

  it('a later batch of a transaction whose first one waits for the answer', () => {
    const log = testLog().open();
    log.startVerification(3, 0, 0);
    const verification = log.startVerification(3, 0, 1);
    const second = log.appendAsLeader(transactional(1), { leaderEpoch: 0, origin: 'client', verification });
    expect(second).toMatchObject({ ok: false, error: { code: logError.OUT_OF_ORDER_SEQUENCE_NUMBER } });
  });

  it('markers of an old producer epoch, of an old coordinator, and from version 2 on of the epoch of the records', () => {
    const log = testLog().open();
    appendInTransaction(log, ['t'], 3, { epoch: 4 });
    const refused = (code: number) => ({ ok: false, error: { code } });
    expect(appendMarker(log, 3, 'abort', { epoch: 3 })).toMatchObject(refused(logError.INVALID_PRODUCER_EPOCH));
    expect(appendMarker(log, 3, 'abort', { epoch: 4, transactionVersion: 2 })).toMatchObject(
      refused(logError.INVALID_PRODUCER_EPOCH),
    );
    expect(appendMarker(log, 3, 'abort', { epoch: 5, transactionVersion: 2, coordinatorEpoch: 9 }).ok).toBe(true);
    expect(appendMarker(log, 3, 'abort', { epoch: 5, transactionVersion: 2, coordinatorEpoch: 9 }).ok).toBe(true);
    expect(appendMarker(log, 3, 'abort', { epoch: 5, coordinatorEpoch: 8 })).toMatchObject(
      refused(logError.TRANSACTION_COORDINATOR_FENCED),
    );
  });
});

/** What the batches of the log say, by reading all of them. */
function transactionsIn(log: PartitionLog) {
  const open = new Map<number, number>();
  const ended: { producerId: number; firstOffset: number; lastOffset: number; isAborted: boolean }[] = [];
  for (let offset = log.startOffset; offset < log.endOffset; ) {
    const read = log.read(offset, everything);
    if (!read.ok) throw new Error(read.error.message);
    for (const batch of batchesOf(read.value.records)) {
      const { producerId, isControl, isTransactional, baseOffset, lastOffset } = readBatchHeader(batch);
      const firstOffset = open.get(producerId);
      if (isControl && firstOffset !== undefined) {
        open.delete(producerId);
        ended.push({ producerId, firstOffset, lastOffset, isAborted: markerAt(batch, 0)?.isAbort === true });
      } else if (isTransactional && !isControl && firstOffset === undefined) open.set(producerId, baseOffset);
    }
    offset = read.value.nextOffset;
  }
  return { open, ended };
}

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

it.each(seeds)('agrees with its batches through restarts, crashes and cuts (seed %i)', async (seed) => {
  const random = new SeededRandom(seed);
  const { open, disk } = testLog(undefined, seed);
  let log = open();
  const send = (producerId: number) => {
    const entry = log.producers.get(producerId);
    const sequence = entry?.batches.at(-1) ? entry.batches.at(-1)!.lastSequence + 1 : 0;
    appendInTransaction(log, ['x'.repeat(1 + randomBelow(random, 60))], producerId, { sequence });
  };
  for (let step = 0; step < 200; step++) {
    const choice = randomBelow(random, 100);
    const producerId = 1 + randomBelow(random, 4);
    if (choice < 50) send(producerId);
    else if (choice < 60) append(log, ['plain']);
    else if (choice < 85) appendMarker(log, producerId, choice < 73 ? 'abort' : 'commit');
    else if (choice < 87) await log.flush();
    else if (choice < 91) log.truncateTo(Math.max(log.startOffset, log.endOffset - randomBelow(random, 25)));
    else if (choice < 95) {
      log.close({ clean: true });
      log = open({ cleanShutdown: true });
    } else {
      const { recoveryPoint } = log;
      log.close({ clean: false });
      disk.crash({ unsynced: randomBelow(random, 2) === 0 ? 'lose' : 'tear' });
      log = open({ recoveryPoint });
    }
    const { open: unended, ended } = transactionsIn(log);
    const from = randomBelow(random, log.endOffset + 1);
    const stable = Math.min(log.endOffset, ...unended.values());
    expect(log.lastStableOffset(log.endOffset)).toBe(stable);
    if (from >= stable) continue;
    const before = from + 1 + randomBelow(random, stable - from);
    const aborted = ended.filter(
      ({ isAborted, firstOffset, lastOffset }) => isAborted && firstOffset < before && lastOffset >= from,
    );
    const found = log.abortedTransactions(from, before);
    expect(found.map(({ producerId: id, firstOffset, lastOffset }) => [id, firstOffset, lastOffset])).toEqual(
      aborted.map(({ producerId: id, firstOffset, lastOffset }) => [id, firstOffset, lastOffset]),
    );
  }
});
