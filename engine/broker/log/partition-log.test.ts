import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../base/errors.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../records/record-batch.ts';
import { compress } from '../../records/record-compress.ts';
import { batchOf, testNowMs } from '../../records/testing/batch-of.ts';
import { InflationGate } from './checks/inflation-gate.ts';
import { defaultLogConfig } from './log-config.ts';
import { logError } from './log-refusal.ts';
import type { TimestampedOffset } from './partition-log.ts';
import { append, smallConfig, testFolder, testLog, valuesFrom } from './testing/test-batches.ts';

const readAll = { maxBytes: 10_000, before: Number.MAX_SAFE_INTEGER, atLeastOneBatch: true };

/** A log with `count` batches of two records, epochs of ten batches. */
function filled(count: number) {
  const bench = testLog();
  const log = bench.open();
  for (let at = 0; at < count; at++) append(log, [`a${at}`, `b${at}`], {}, Math.floor(at / 10));
  return { ...bench, log };
}

describe('reading', () => {
  it('returns the batch that holds an offset, whole, and nothing at the end', () => {
    const { log } = filled(30);
    const inside = log.read(7, readAll);
    expect(inside.ok && readBatchHeader(inside.value.records)).toMatchObject({ baseOffset: 6, lastOffset: 7 });
    expect(log.read(60, readAll)).toMatchObject({ ok: true, value: { nextOffset: 60, records: Buffer.alloc(0) } });
    for (const offset of [-1, 61])
      expect(log.read(offset, readAll)).toMatchObject({ ok: false, error: { code: logError.OFFSET_OUT_OF_RANGE } });
  });

  it('never cuts a batch, and returns one above the limit only when asked', () => {
    const { log } = filled(30);
    const size = batchOf(['a0', 'b0']).length;
    const bytes = (maxBytes: number, atLeastOneBatch: boolean) => {
      const read = log.read(0, { ...readAll, maxBytes, atLeastOneBatch });
      return read.ok ? read.value.records.length : -1;
    };
    expect([bytes(1, true), bytes(1, false), bytes(size * 2 - 1, true), bytes(size * 2, false)]).toEqual([
      size,
      0,
      size,
      size * 2,
    ]);
  });

  it('shows nothing at or above the limit offset', () => {
    const { log } = filled(5);
    const until = (before: number) => {
      const read = log.read(0, { ...readAll, before });
      return read.ok && [...batchesOf(read.value.records)].length;
    };
    expect([0, 1, 2, 5, 10].map(until)).toEqual([0, 0, 1, 2, 5]);
  });

  it('works however few files stay open', () => {
    const { log } = filled(200);
    for (const offset of [390, 0, 200, 100, 399, 50, 300]) {
      const read = log.read(offset, readAll);
      expect(read.ok && decodeRecords(read.value.records)[offset % 2]).toMatchObject({ offset });
    }
  });
});

describe('following', () => {
  it('takes many batches as they are and refuses gaps and repetitions', () => {
    const { log: leader } = filled(20);
    const follower = testLog().open();
    for (let offset = 0; offset < leader.endOffset; ) {
      const read = leader.read(offset, { ...readAll, maxBytes: 500 });
      if (!read.ok) throw new Error(read.error.message);
      expect(follower.appendAsFollower(read.value.records)).toMatchObject({ ok: true, value: { firstOffset: offset } });
      expect(follower.appendAsFollower(read.value.records)).toMatchObject({
        ok: false,
        error: { code: logError.OFFSET_OUT_OF_RANGE },
      });
      offset = read.value.nextOffset;
    }
    expect(valuesFrom(follower)).toEqual(valuesFrom(leader));
    expect(follower.epochs).toEqual(leader.epochs);
    expect(follower.appendAsFollower(batchOf(['x'], { baseOffset: 41 }))).toMatchObject({ ok: false });
  });

  it('starts inside a batch when the leader does', () => {
    const { log: leader } = filled(3);
    leader.deleteRecordsBefore(3);
    const follower = testLog().open();
    follower.truncateFullyAndStartAt(leader.startOffset);
    const read = leader.read(3, readAll);
    expect(read.ok && follower.appendAsFollower(read.value.records)).toMatchObject({
      ok: true,
      value: { firstOffset: 2 },
    });
    expect([follower.startOffset, follower.endOffset]).toEqual([3, 6]);
    expect(valuesFrom(follower)).toEqual(valuesFrom(leader));
  });

  it('lets a compacted log leave offsets out', () => {
    const log = testLog({ ...smallConfig, isCompacted: true }).open();
    for (const baseOffset of [0, 5, 6, 900]) expect(log.appendAsFollower(batchOf(['v'], { baseOffset })).ok).toBe(true);
    expect(log.endOffset).toBe(901);
    const read = log.read(2, readAll);
    expect(read.ok && readBatchHeader(read.value.records).baseOffset).toBe(5);
  });

  it('reconciles with a leader by epochs (KIP-101, KIP-279)', () => {
    const follower = testLog().open();
    const leader = testLog().open();
    for (let at = 0; at < 4; at++) for (const log of [follower, leader]) append(log, [`v${at}`], {}, 1);
    for (let at = 0; at < 3; at++) append(follower, [`lost${at}`], {}, 2);
    for (let at = 0; at < 5; at++) append(leader, [`w${at}`], {}, 3);
    const end = leader.endOffsetForEpoch(follower.latestEpoch);
    expect(end).toEqual({ epoch: 1, endOffset: 4 });
    const own = follower.endOffsetForEpoch(end.epoch);
    follower.truncateTo(Math.min(end.endOffset, own.endOffset));
    const read = leader.read(follower.endOffset, readAll);
    if (!read.ok) throw new Error(read.error.message);
    follower.appendAsFollower(read.value.records);
    expect([valuesFrom(follower), follower.epochs]).toEqual([valuesFrom(leader), leader.epochs]);
  });
});

describe('cutting', () => {
  it('removes later segments and keeps what is below', () => {
    const { log } = filled(50);
    const before = valuesFrom(log);
    for (const offset of [77, 40, 41, 2, 0]) {
      log.truncateTo(offset);
      const endOffset = offset - (offset % 2); // batches of two go whole
      expect(log.endOffset).toBe(endOffset);
      expect(valuesFrom(log)).toEqual(before.slice(0, endOffset));
    }
    expect([log.latestEpoch, log.segmentCount]).toEqual([-1, 1]);
  });

  it('forgets epochs even when the log is shorter already (KAFKA-10706)', () => {
    const { log } = filled(5);
    log.assignEpoch(7, 10);
    log.truncateTo(10);
    expect(log.latestEpoch).toBe(0);
  });

  it('starts anew at any offset', () => {
    const { log, open } = filled(20);
    log.truncateFullyAndStartAt(1000);
    expect([log.startOffset, log.endOffset, log.latestEpoch, log.sizeBytes]).toEqual([1000, 1000, -1, 0]);
    append(log, ['v']);
    log.close({ clean: false });
    expect(valuesFrom(open())).toEqual(['1000:v']);
  });

  it('hides deleted records, also after a restart and inside a batch', () => {
    const { log, open } = filled(30);
    log.deleteRecordsBefore(33);
    const check = (one: typeof log) => {
      expect(one.startOffset).toBe(33);
      expect(valuesFrom(one)[0]).toBe('33:b16');
      expect(one.epochs[0]).toEqual({ epoch: 1, startOffset: 33 });
      expect(one.read(32, readAll)).toMatchObject({ ok: false });
    };
    check(log);
    expect(log.segmentBaseOffsets[0]).toBeGreaterThan(0);
    log.close({ clean: false });
    check(open());
  });
});

describe('times', () => {
  const gate = new InflationGate(new ManualClock());

  it('finds the first record at or after a time, in any segment, and below a limit', () => {
    const log = testLog().open();
    for (let at = 0; at < 60; at++) append(log, ['a', 'b'], { baseTimestamp: testNowMs + at * 10 }, 2);
    const at = (timeMs: number, before = 120) =>
      (log.offsetForTimestamp(testNowMs + timeMs, before, gate) as TimestampedOffset | undefined)?.offset;
    expect([-5, 0, 1, 10, 295, 590, 591].map((time) => at(time))).toEqual([0, 0, 2, 2, 60, 118, undefined]);
    expect(at(295, 60)).toBeUndefined();
    expect(log.offsetForTimestamp(testNowMs + 295, 120, gate)).toEqual({
      offset: 60,
      timestampMs: testNowMs + 300,
      leaderEpoch: 2,
    });
    log.deleteRecordsBefore(75);
    expect(at(0)).toBe(75);
  });

  it.each(['none', 'gzip', 'lz4'] as const)(
    'looks into batches (%s), and copes with times that go back',
    async (type) => {
      const log = testLog({ ...smallConfig, segmentBytes: 1_000_000 }).open();
      const times = [50, 10, 30, 99, 20];
      // Small batches are looked into at once, large ones in the background: both give the same.
      for (const value of [null, Buffer.from(new SeededRandom(1).bytes(40_000))]) {
        const first = log.endOffset;
        const records = times.map((time) => ({ key: null, value, timestamp: testNowMs + first * 100 + time }));
        append(log, [], { records, compress: { type, apply: (bytes) => compress(type, bytes) } });
        append(log, ['later'], { baseTimestamp: testNowMs + first * 100 + 40 });
        const found = [];
        for (const time of [45, 51, 100])
          found.push((await log.offsetForTimestamp(testNowMs + first * 100 + time, log.endOffset, gate))?.offset);
        expect(found).toEqual([first, first + 3, undefined]);
        expect(await log.offsetOfLargestTimestamp(log.endOffset, gate)).toMatchObject({ offset: first + 3 });
      }
      expect(testLog().open().offsetOfLargestTimestamp(0, gate)).toBeUndefined();
    },
  );

  it('answers from the header of a batch that inflates to more than it may, stored before that was looked at', async () => {
    const log = testLog({ ...defaultLogConfig }).open();
    const value = Buffer.alloc(65 * 1024 * 1024);
    const records = [{ key: null, value, timestamp: testNowMs + 7 }];
    const bomb = encodeBatch({
      records,
      baseTimestamp: testNowMs,
      compress: { type: 'zstd', apply: (bytes) => compress('zstd', bytes) },
    });
    expect(log.appendAsFollower(bomb).ok).toBe(true);
    const found = await log.offsetForTimestamp(testNowMs + 1, 1, gate);
    expect(found).toEqual({ offset: 0, timestampMs: testNowMs + 7, leaderEpoch: -1 });
  });

  it('begins a new segment when segment.ms is over', () => {
    const { open, clock } = testLog({ ...smallConfig, segmentMs: 1000 });
    const log = open();
    append(log, ['a']);
    append(log, ['b'], { baseTimestamp: testNowMs + 1000 });
    expect(log.segmentCount).toBe(1);
    clock.advance(2000);
    append(log, ['c'], { baseTimestamp: clock.now() });
    expect(log.segmentCount).toBe(2);
  });
});

describe('the disk', () => {
  it('keeps what was flushed through a crash, and nothing has to be rescanned then', async () => {
    const { log, disk, open } = filled(30);
    await log.flush();
    expect(log.recoveryPoint).toBe(60);
    append(log, ['lost']);
    disk.crash({ unsynced: 'lose' });
    expect(open({ recoveryPoint: 60 }).endOffset).toBe(60);
  });

  it('changes nothing when an append fails', () => {
    const { log, disk } = filled(3);
    disk.beforeWrite = (kind) => {
      if (kind === 'append') throw new MillraceError('DISK_FULL', 'no room');
    };
    expect(() => append(log, ['x'], { producerId: 1, producerEpoch: 0, baseSequence: 0 })).toThrow('no room');
    disk.beforeWrite = () => {};
    expect([log.endOffset, log.producers.size]).toEqual([6, 0]);
    expect(append(log, ['y']).firstOffset).toBe(6);
    expect(valuesFrom(log, 5)).toEqual(['5:b2', '6:y']);
  });

  it('never trusts a disk again whose sync failed', async () => {
    const { log, disk } = filled(3);
    disk.beforeWrite = (kind) => {
      if (kind === 'sync') throw new MillraceError('DISK_SYNC_FAILED', 'lost');
    };
    await expect(log.flush()).rejects.toThrow('lost');
    disk.beforeWrite = () => {};
    await expect(log.flush()).rejects.toThrow('lost');
    expect(() => log.close({ clean: true })).toThrow('lost');
    expect(log.recoveryPoint).toBe(0);
  });

  it('does not vouch for bytes that were cut and written anew during a flush', async () => {
    const { log } = filled(3);
    const flush = log.flush();
    log.truncateTo(2);
    append(log, ['other', 'other']);
    await flush;
    expect(log.recoveryPoint).toBeLessThanOrEqual(2);
  });

  it('is gone after remove', () => {
    const { log, disk } = filled(3);
    log.remove();
    expect(disk.list(testFolder)).toEqual([]);
  });
});
