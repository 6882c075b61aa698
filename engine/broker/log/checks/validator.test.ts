import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lz4Compress, snappyCompress } from '@platformatic/wasm-utils';
import { describe, expect, it } from 'vitest';
import { faultOf, writeCrc } from '../../../records/batch-layout.ts';
import { decodeRecords, encodeBatch } from '../../../records/record-batch.ts';
import { batchOf, testNowMs } from '../../../records/testing/batch-of.ts';
import { defaultLogConfig } from '../log-config.ts';
import { logError } from '../log-refusal.ts';
import type { PartitionLog } from '../partition-log.ts';
import { append, appendInTransaction, refusalOf, testLog } from '../testing/test-batches.ts';

const codecs = { gzip: gzipSync, zstd: zstdCompressSync, snappy: snappyCompress, lz4: lz4Compress };

/** A batch changed after the fact, with a right checksum. */
function altered(change: (batch: Buffer) => void): Buffer {
  const batch = batchOf(['a', 'b']);
  change(batch);
  writeCrc(batch, 0);
  return batch;
}

const hourMs = 3_600_000;

/** Says that all records have the header's time, as only a broker may. */
function oneTime(batch: Buffer, timestampMs: number): void {
  batch.writeInt16BE(8, 21);
  batch.writeBigInt64BE(BigInt(timestampMs), 35);
}

/** The header's largest timestamp as it was stored, with a right checksum. */
function storedMaxTimestamp(log: PartitionLog): { max: bigint; attributes: number; fault: unknown } {
  const read = log.read(0, { maxBytes: 1000, before: 1000, atLeastOneBatch: true });
  const records = read.ok ? read.value.records : Buffer.alloc(0);
  return {
    max: records.readBigInt64BE(35),
    attributes: records.readInt16BE(21),
    fault: faultOf(records, 0, records.length),
  };
}

describe('what a leader takes from clients', () => {
  const table: [string, Buffer, number][] = [
    ['no bytes', Buffer.alloc(0), logError.INVALID_RECORD],
    ['a part of a header', batchOf(['a']).subarray(0, 40), logError.CORRUPT_MESSAGE],
    ['a batch that is cut short', batchOf(['a']).subarray(0, 65), logError.CORRUPT_MESSAGE],
    ['no records', altered((batch) => batch.fill(255, 23, 27).writeInt32BE(0, 57)), logError.INVALID_RECORD],
    ['magic 1', altered((batch) => batch.writeInt8(1, 16)), logError.UNSUPPORTED_FOR_MESSAGE_FORMAT],
    ['a wrong checksum', Buffer.from(batchOf(['a']).fill(7, 62, 63)), logError.CORRUPT_MESSAGE],
    ['two batches', Buffer.concat([batchOf(['a']), batchOf(['b'])]), logError.INVALID_RECORD],
    ['a base offset', batchOf(['a'], { baseOffset: 3 }), logError.INVALID_RECORD],
    ['a count that is not that of the offsets', altered((batch) => batch.writeInt32BE(5, 57)), logError.INVALID_RECORD],
    ['a negative last offset', altered((batch) => batch.writeInt32BE(-1, 23)), logError.INVALID_RECORD],
    ['control records', batchOf(['a'], { isControl: true }), logError.INVALID_RECORD],
    ['a producer without a sequence', batchOf(['a'], { producerId: 4, producerEpoch: 0 }), logError.INVALID_RECORD],
    ['an unknown codec', altered((batch) => batch.writeInt16BE(5, 21)), logError.UNSUPPORTED_COMPRESSION_TYPE],
    ['more than max.message.bytes', batchOf(['x'.repeat(600)]), logError.MESSAGE_TOO_LARGE],
    ['a record that leaves the batch', altered((batch) => batch.writeUInt8(198, 61)), logError.INVALID_RECORD],
    ['no record where the header promises two', altered((batch) => batch.fill(0, 61)), logError.INVALID_RECORD],
    ['gzip that is none', altered((batch) => batch.writeInt16BE(1, 21)), logError.INVALID_RECORD],
    ['zstd that is none', altered((batch) => batch.writeInt16BE(4, 21)), logError.INVALID_RECORD],
    ['snappy that is none', altered((batch) => batch.writeInt16BE(2, 21)), logError.INVALID_RECORD],
    ['LZ4 that is none', altered((batch) => batch.writeInt16BE(3, 21)), logError.INVALID_RECORD],
    [
      'one header time far ahead',
      altered((batch) => oneTime(batch, testNowMs + hourMs + 1)),
      logError.INVALID_TIMESTAMP,
    ],
    ['a time far ahead', batchOf(['a'], { baseTimestamp: testNowMs + hourMs + 1 }), logError.INVALID_TIMESTAMP],
    ['a time far behind', batchOf(['a'], { baseTimestamp: testNowMs - hourMs - 1 }), logError.INVALID_TIMESTAMP],
  ];
  for (const [name, records, code] of table) {
    it(`refuses ${name}`, () => {
      const log = testLog({ ...defaultLogConfig, maxMessageBytes: 500, timestampBeforeMaxMs: hourMs }).open();
      expect(refusalOf(log, records).code).toBe(code);
    });
  }

  it('takes batches without a timestamp, and transactional ones', () => {
    const log = testLog().open();
    append(log, ['a'], { baseTimestamp: -1 });
    appendInTransaction(log, ['b'], 3);
    expect(log.endOffset).toBe(2);
  });

  it.each([
    ['too late', (batch: Buffer) => batch.writeBigInt64BE(BigInt(testNowMs + 77), 35), BigInt(testNowMs)],
    ['too early', (batch: Buffer) => batch.writeBigInt64BE(-1n, 35), BigInt(testNowMs)],
    ['that of a broker', (batch: Buffer) => oneTime(batch, testNowMs - 5), BigInt(testNowMs - 5)],
    ['beyond every number', (batch: Buffer) => batch.writeBigInt64BE(2n ** 62n + 1n, 27), 2n ** 62n + 1n],
  ])('corrects a largest timestamp in the header that is %s', (_, change, max) => {
    const log = testLog({ ...defaultLogConfig, timestampAfterMaxMs: 2 ** 63 }).open();
    expect(log.appendAsLeader(altered(change), { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
    expect(storedMaxTimestamp(log)).toEqual({ max, attributes: 0, fault: undefined });
  });

  it('names the records without a key on a compacted topic', () => {
    const log = testLog({ ...defaultLogConfig, isCompacted: true }).open();
    const key = Buffer.from('k');
    const records = [
      { key, value: key },
      { key: null, value: key },
      { key: Buffer.alloc(0), value: null },
      { key: null, value: null },
    ];
    for (const compress of [undefined, { type: 'gzip' as const, apply: gzipSync }]) {
      const refusal = refusalOf(log, encodeBatch({ records, baseTimestamp: testNowMs, ...(compress && { compress }) }));
      expect(refusal.code).toBe(logError.INVALID_RECORD);
      expect(refusal.recordErrors?.map(({ batchIndex }) => batchIndex)).toEqual([1, 3]);
    }
  });

  it('names the records whose own time is out of range, whatever the header says', () => {
    const log = testLog().open();
    const value = Buffer.from('v');
    const records = [0, 2 * hourMs, -1].map((ms) => ({ key: null, value, timestamp: testNowMs + ms }));
    const batch = encodeBatch({ records, baseTimestamp: testNowMs });
    batch.writeBigInt64BE(BigInt(testNowMs), 35);
    writeCrc(batch, 0);
    const refusal = refusalOf(log, batch);
    expect(refusal).toMatchObject({ code: logError.INVALID_TIMESTAMP, recordErrors: [{ batchIndex: 1 }] });
  });

  it('takes batches of every codec and stores them as they came', () => {
    for (const [type, apply] of Object.entries(codecs) as ['gzip', (bytes: Buffer) => Buffer][]) {
      const log = testLog({ ...defaultLogConfig }).open();
      const batch = batchOf(['a', 'b', 'c'], { compress: { type, apply } });
      const sent = Buffer.from(batch);
      expect(log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
      const read = log.read(0, { maxBytes: 1000, before: 3, atLeastOneBatch: true });
      expect(read.ok && read.value.records.subarray(16).equals(sent.subarray(16))).toBe(true);
    }
  });

  it('refuses more than a segment', () => {
    const log = testLog().open();
    expect(refusalOf(log, batchOf(['x'.repeat(1000)])).code).toBe(logError.RECORD_LIST_TOO_LARGE);
  });

  it('stamps its own time with LogAppendTime and says which', () => {
    const log = testLog({ ...defaultLogConfig, isLogAppendTime: true }).open();
    const info = append(log, ['a', 'b'], { baseTimestamp: 5 });
    expect(info.logAppendTimeMs).toBe(testNowMs);
    const read = log.read(0, { maxBytes: 1000, before: 2, atLeastOneBatch: true });
    expect(read.ok && decodeRecords(read.value.records).map((record) => record.timestamp)).toEqual([
      testNowMs,
      testNowMs,
    ]);
  });

  it('takes several batches and control records from the metadata leader', () => {
    const log = testLog().open();
    const records = Buffer.concat([batchOf(['a', 'b']), batchOf(['c'], { isControl: true })]);
    const info = log.appendAsLeader(records, { leaderEpoch: 4, origin: 'raft' });
    expect(info).toMatchObject({ ok: true, value: { firstOffset: 0, lastOffset: 2 } });
    expect([log.epochAt(2), log.endOffset]).toEqual([4, 3]);
  });
});
