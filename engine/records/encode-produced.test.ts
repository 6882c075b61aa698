import { describe, expect, it } from 'vitest';
import { batchHeaderBytes } from './batch-layout.ts';
import type { ProducedRecord } from './encode-produced.ts';
import { measureRecords, setIdentity, writeBatchHeader, writeRecords } from './encode-produced.ts';
import { decodeRecords, isBatchValid, readBatchHeader } from './record-batch.ts';

function encode(records: readonly ProducedRecord[]): Buffer {
  const bytes = measureRecords(records);
  const batch = Buffer.alloc(batchHeaderBytes + bytes);
  expect(writeRecords(batch, batchHeaderBytes, records)).toBe(batch.length);
  writeBatchHeader(batch, bytes, records, { producerId: 7, producerEpoch: 2, baseSequence: 30 }, 'none');
  return batch;
}

/** The delta of the second record, read with 64-bit integers. */
function deltaOf(batch: Buffer): bigint {
  let at = batchHeaderBytes;
  at += (batch[at]! >> 1) + 1 + 1 + 1; // the first record (shorter than 64 bytes), the size of the second, its attributes
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = batch[at++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }
}

describe('a produced batch', () => {
  it('reads back as it was written: keys, values, tombstones, headers in order with duplicates', () => {
    const records: ProducedRecord[] = [
      { key: Buffer.from('k'), value: Buffer.alloc(5_000, 7), timestampMs: 1_700_000_000_000 },
      { value: null, timestampMs: 1_700_000_000_001 },
      {
        key: Buffer.alloc(0),
        value: Buffer.from('x'.repeat(25)),
        timestampMs: 1_699_999_999_999,
        headers: [
          { key: 'ä', value: Buffer.from([255]) },
          { key: 'ä', value: null },
        ],
      },
    ];
    const batch = encode(records);
    expect(isBatchValid(batch)).toBe(true);
    expect(readBatchHeader(batch)).toMatchObject({
      producerId: 7,
      producerEpoch: 2,
      baseSequence: 30,
      recordCount: 3,
      lastOffsetDelta: 2,
      baseTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_001,
    });
    const decoded = decodeRecords(batch);
    expect(decoded.map(({ timestamp }) => timestamp)).toEqual(records.map(({ timestampMs }) => timestampMs));
    expect(decoded.map(({ key }) => key)).toEqual([Buffer.from('k'), null, Buffer.alloc(0)]);
    expect(decoded.map(({ value }) => value)).toEqual(records.map(({ value }) => value));
    expect(decoded[2]!.headers).toEqual(records[2]!.headers);
  });

  it.each([
    [0, 31 * 86_400_000],
    [1_700_000_000_000, -1],
    [-1, 0],
    [0, 2 ** 52 + 2],
    [2 ** 62, 1],
    [-1, 2 ** 63],
    [2 ** 63, 0],
    [2 ** 63, -1],
  ])('keeps times far apart: %d and %d', (first, second) => {
    const batch = encode([
      { value: null, timestampMs: first },
      { value: null, timestampMs: second },
    ]);
    const exact = (time: number) => (time === 2 ** 63 ? 2n ** 63n - 1n : BigInt(time));
    expect(batch.readBigInt64BE(27)).toBe(exact(first));
    expect(batch.readBigInt64BE(35)).toBe(exact(Math.max(first, second)));
    expect(BigInt.asIntN(64, batch.readBigInt64BE(27) + deltaOf(batch))).toBe(exact(second));
    expect(isBatchValid(batch)).toBe(true);
  });

  it('gets another writer without being encoded again', () => {
    const batch = encode([{ value: Buffer.from('v'), timestampMs: 5 }]);
    setIdentity(batch, { producerId: 8, producerEpoch: 3, baseSequence: 0 });
    expect(isBatchValid(batch)).toBe(true);
    expect(readBatchHeader(batch)).toMatchObject({ producerId: 8, producerEpoch: 3, baseSequence: 0 });
  });
});
