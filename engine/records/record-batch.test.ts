import { describe, expect, it } from 'vitest';
import { faultOf, stampAppendTime, stampBatch } from './batch-layout.ts';
import { batchesOf, decodeRecords, encodeBatch, isBatchValid, readBatchHeader } from './record-batch.ts';
import { batchOf } from './testing/batch-of.ts';

/** Bytes of a batch made by hand from Kafka's format: base offset 5, epoch 2, one record (key k, value v, header h=null) at time 1000. */
const golden = Buffer.from(
  [
    '0000000000000005', // base offset
    '0000003d', // length: 61 bytes follow
    '00000002', // leader epoch
    '02', // magic
    '00000000', // crc, set below
    '0000', // attributes
    '00000000', // last offset delta
    '00000000000003e8', // base timestamp
    '00000000000003e8', // max timestamp
    'ffffffffffffffff', // producer id
    'ffff', // producer epoch
    'ffffffff', // base sequence
    '00000001', // records
    '16', // record length 11
    '00', // attributes
    '00', // timestamp delta
    '00', // offset delta
    '026b', // key
    '0276', // value
    '02', // one header
    '0268', // its key
    '01', // its value: null
  ].join(''),
  'hex',
);

describe('record batch', () => {
  it('writes the bytes of the format', () => {
    const batch = encodeBatch({
      records: [{ key: Buffer.from('k'), value: Buffer.from('v'), headers: [{ key: 'h', value: null }] }],
      baseTimestamp: 1000,
      baseOffset: 5,
      partitionLeaderEpoch: 2,
    });
    batch.copy(golden, 17, 17, 21);
    expect(batch.toString('hex')).toBe(golden.toString('hex'));
    expect(readBatchHeader(batch).crc).not.toBe(0);
    expect(isBatchValid(batch)).toBe(true);
  });

  it('reads back what it wrote', () => {
    const records = [
      { key: null, value: null, timestamp: 1_700_000_000_500 },
      {
        key: Buffer.from('key'),
        value: Buffer.alloc(300, 1),
        headers: [{ key: 'a', value: Buffer.from('b') }],
        timestamp: 1_699_999_999_000,
      },
      { key: Buffer.alloc(0), value: Buffer.from('last'), offsetDelta: 7 },
    ];
    const batch = encodeBatch({
      records,
      baseTimestamp: 1_700_000_000_000,
      baseOffset: 2 ** 40,
      producerId: 2 ** 33,
      producerEpoch: 3,
      baseSequence: 9,
      isTransactional: true,
    });
    expect(readBatchHeader(batch)).toMatchObject({
      baseOffset: 2 ** 40,
      lastOffset: 2 ** 40 + 7,
      producerId: 2 ** 33,
      producerEpoch: 3,
      baseSequence: 9,
      isTransactional: true,
      isControl: false,
      recordCount: 3,
      maxTimestamp: 1_700_000_000_500,
      compression: 'none',
    });
    expect(decodeRecords(batch)).toEqual([
      { offset: 2 ** 40, timestamp: 1_700_000_000_500, key: null, value: null, headers: [] },
      {
        offset: 2 ** 40 + 1,
        timestamp: 1_699_999_999_000,
        key: Buffer.from('key'),
        value: Buffer.alloc(300, 1),
        headers: [{ key: 'a', value: Buffer.from('b') }],
      },
      {
        offset: 2 ** 40 + 7,
        timestamp: 1_700_000_000_000,
        key: Buffer.alloc(0),
        value: Buffer.from('last'),
        headers: [],
      },
    ]);
  });

  it('takes a new offset and epoch without a new checksum, a new time with one', () => {
    const batch = batchOf(['a', 'b']);
    stampBatch(batch, 0, 123, 4);
    expect(isBatchValid(batch)).toBe(true);
    stampAppendTime(batch, 0, 42);
    expect(isBatchValid(batch)).toBe(true);
    expect(decodeRecords(batch).map((record) => [record.offset, record.timestamp])).toEqual([
      [123, 42],
      [124, 42],
    ]);
  });

  it('finds every flipped byte from the magic on', () => {
    const batch = batchOf(['some value', 'another']);
    for (let at = 8; at < batch.length; at++) {
      if (at >= 12 && at < 16) continue; // the leader epoch is the broker's and not covered
      const damaged = Buffer.from(batch);
      damaged[at] = damaged[at]! ^ 0x41;
      expect(faultOf(damaged, 0, damaged.length), `byte ${at}`).toBeDefined();
    }
  });

  it('sees whole batches only', () => {
    const two = Buffer.concat([batchOf(['a']), batchOf(['b', 'c'])]);
    expect([...batchesOf(two)]).toHaveLength(2);
    expect([...batchesOf(two.subarray(0, two.length - 1))]).toHaveLength(1);
    expect([...batchesOf(two.subarray(0, 30))]).toHaveLength(0);
  });

  it('throws RangeError for records that do not hold what the header says', () => {
    const batch = batchOf(['value']);
    batch.writeInt32BE(2, 57);
    expect(() => decodeRecords(batch)).toThrow(RangeError);
    batch.writeInt32BE(0, 57);
    expect(() => decodeRecords(batch)).toThrow(/follow the last record/);
  });
});
