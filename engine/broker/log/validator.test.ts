import { describe, expect, it } from 'vitest';
import { writeCrc } from '../../records/batch-layout.ts';
import { decodeRecords } from '../../records/record-batch.ts';
import { defaultLogConfig } from './log-config.ts';
import { logError } from './log-refusal.ts';
import { append, batchOf, refusalOf, testLog, testNowMs } from './testing/test-batches.ts';

/** A batch changed after the fact, with a right checksum. */
function altered(change: (batch: Buffer) => void): Buffer {
  const batch = batchOf(['a', 'b']);
  change(batch);
  writeCrc(batch, 0);
  return batch;
}

const hourMs = 3_600_000;

describe('what a leader takes from clients', () => {
  const table: [string, Buffer, number][] = [
    ['no bytes', Buffer.alloc(0), logError.INVALID_RECORD],
    ['a part of a header', batchOf(['a']).subarray(0, 40), logError.CORRUPT_MESSAGE],
    ['a batch that is cut short', batchOf(['a']).subarray(0, 65), logError.CORRUPT_MESSAGE],
    ['bytes behind the batch', Buffer.concat([batchOf(['a']), Buffer.alloc(5)]), logError.CORRUPT_MESSAGE],
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
    ['log-append time', altered((batch) => batch.writeInt16BE(8, 21)), logError.INVALID_TIMESTAMP],
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
    append(log, ['b'], { isTransactional: true, producerId: 3, producerEpoch: 0, baseSequence: 0 });
    expect(log.endOffset).toBe(2);
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
