import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as layout from '../../records/batch-layout.ts';
import type { BatchInput, RecordInput } from '../../records/record-batch.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import { writeVarint } from '../../records/varint.ts';
import type { ReceivedRecord } from '../received-record.ts';
import { FetchedBatches } from './fetched-batches.ts';

const record = (value: string, extra: Partial<RecordInput> = {}): RecordInput => ({
  key: null,
  value: Buffer.from(value),
  ...extra,
});

function batch(baseOffset: number, values: readonly string[], extra: Partial<BatchInput> = {}): Buffer {
  return encodeBatch({ records: values.map((value) => record(value)), baseTimestamp: 1_000, baseOffset, ...extra });
}

function abortMarker(baseOffset: number, producerId: number): Buffer {
  const records = [{ key: Buffer.from([0, 0, 0, 0]), value: Buffer.alloc(6) }];
  return encodeBatch({ records, baseTimestamp: 1, baseOffset, producerId, isTransactional: true, isControl: true });
}

function fetched(records: Buffer, fromOffset = 0, aborted?: { producerId: number; firstOffset: number }[]) {
  return new FetchedBatches({ topic: 't', partition: 2, records, fromOffset, aborted });
}

function takeAll(batches: FetchedBatches): ReceivedRecord[] {
  const all: ReceivedRecord[] = [];
  for (let next = batches.take(); next; next = batches.take()) all.push(next);
  return all;
}

const textsOf = (records: readonly ReceivedRecord[]) => records.map(({ offset, value }) => `${offset}:${value}`);

/** A batch around the given bytes, with a checksum that fits them. */
function batchAround(body: Buffer, recordCount: number, codec = 0): Buffer {
  const frame = batch(10, ['x']);
  const made = Buffer.concat([frame.subarray(0, layout.batchHeaderBytes), body]);
  made.writeInt32BE(made.length - layout.batchPrefixBytes, 8);
  made.writeInt16BE(codec, 21);
  made.writeInt32BE(recordCount - 1, 23);
  made.writeInt32BE(recordCount, 57);
  layout.writeCrc(made, 0);
  return made;
}

describe('FetchedBatches', () => {
  it('gives key, value, headers and time as they were written, null and empty told apart', () => {
    const records = [
      record('a', { key: Buffer.from('k'), timestamp: 5, headers: [{ key: 'h', value: Buffer.from([0, 255]) }] }),
      {
        key: Buffer.alloc(0),
        value: null,
        headers: [
          { key: 'h', value: null },
          { key: 'h', value: Buffer.alloc(0) },
        ],
      },
    ];
    const [first, second] = takeAll(fetched(encodeBatch({ records, baseTimestamp: 7, baseOffset: 40 })));
    expect([first!.topic, first!.partition, first!.offset, first!.timestampMs]).toEqual(['t', 2, 40, 5]);
    expect([first!.key, first!.value]).toEqual([Buffer.from('k'), Buffer.from('a')]);
    expect(first!.headers).toEqual([{ key: 'h', value: Buffer.from([0, 255]) }]);
    expect([second!.key, second!.value, second!.timestampMs]).toEqual([Buffer.alloc(0), null, 7]);
    expect(second!.headers).toEqual([
      { key: 'h', value: null },
      { key: 'h', value: Buffer.alloc(0) },
    ]);
  });

  it('starts within a batch and moves its position past what it took and past what holds nothing', () => {
    const batches = fetched(Buffer.concat([batch(0, ['a', 'b', 'c']), abortMarker(3, 9), batch(8, ['d'])]), 1);
    expect(batches.remaining).toBe(4);
    expect(textsOf([batches.take()!, batches.take()!])).toEqual(['1:b', '2:c']);
    expect(batches.position).toBe(8);
    expect(textsOf(takeAll(batches))).toEqual(['8:d']);
    expect([batches.position, batches.endOffset, batches.remaining]).toEqual([9, 9, 0]);
  });

  it('reads on past batches without a record for it: compacted away, or all below its offset', () => {
    const gone = batchAround(Buffer.alloc(0), 0);
    gone.writeInt32BE(4, 23);
    layout.writeCrc(gone, 0);
    const batches = fetched(gone, 12);
    expect([batches.hasNext, batches.position]).toEqual([false, 15]);
    expect(fetched(batch(0, ['a']), 5).position).toBe(5);
  });

  it('leaves out aborted transactions and gives those of the same producer that were committed', () => {
    const transactional = (baseOffset: number, value: string, producerId: number) =>
      batch(baseOffset, [value], { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true });
    const bytes = Buffer.concat([
      transactional(0, 'aborted', 1),
      transactional(1, 'other', 2),
      abortMarker(2, 1),
      transactional(3, 'committed', 1),
    ]);
    expect(textsOf(takeAll(fetched(bytes, 0, [{ producerId: 1, firstOffset: 0 }])))).toEqual([
      '1:other',
      '3:committed',
    ]);
    expect(textsOf(takeAll(fetched(bytes)))).toHaveLength(3);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('inflates %s', (type, apply) => {
    expect(textsOf(takeAll(fetched(batch(0, ['a', 'b'], { compress: { type, apply } }))))).toEqual(['0:a', '1:b']);
  });

  it.each([-1, 0, 1, 2 ** 31, 8.64e15, -(2 ** 51)])('reads the time %d beside one of now', (timestamp) => {
    const records = [record('now', { timestamp: 1_764_000_000_000 }), record('other', { timestamp })];
    const times = takeAll(fetched(encodeBatch({ records, baseTimestamp: 1_764_000_000_000 })));
    expect(times.map(({ timestampMs }) => timestampMs)).toEqual([1_764_000_000_000, timestamp]);
  });

  it('reads the last time that the format can hold, and one from 1970 in the same batch, with the right sign', () => {
    const body = Buffer.alloc(40);
    // Base time 2^63-1; deltas 0 and -(2^63-1), whose zigzag form takes ten bytes.
    let at = writeVarint(body, 6, 0);
    body.set([0, 0, 0, 1, 1, 0], at);
    at = writeVarint(body, 15, at + 6);
    body[at++] = 0;
    body.set([0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], at);
    body.set([2, 1, 1, 0], at + 10);
    const made = batchAround(body.subarray(0, at + 14), 2);
    made.writeBigInt64BE(2n ** 63n - 1n, 27);
    layout.writeCrc(made, 0);
    expect(takeAll(fetched(made, 10)).map(({ timestampMs }) => timestampMs)).toEqual([2 ** 63, 0]);
  });

  it('takes the time of the broker where the topic says so', () => {
    const made = batch(0, ['a']);
    layout.stampAppendTime(made, 0, 77);
    expect(takeAll(fetched(made))[0]).toMatchObject({ timestampMs: 77, timestampType: 'append' });
  });

  it('leaves a batch that the broker cut off for the next fetch', () => {
    const bytes = Buffer.concat([batch(0, ['a']), batch(1, ['b'])]);
    const batches = fetched(bytes.subarray(0, bytes.length - 1));
    expect(textsOf(takeAll(batches))).toEqual(['0:a']);
    expect([batches.position, batches.failure]).toEqual([1, undefined]);
  });

  it('gives what lies before a damaged batch, then names the place and stays there', () => {
    const bytes = Buffer.concat([batch(0, ['a', 'b']), batch(2, ['c']), batch(3, ['d'])]);
    const damagedAt = batch(0, ['a', 'b']).length + layout.batchHeaderBytes + 5;
    bytes[damagedAt]! ^= 1;
    const batches = fetched(bytes);
    expect(batches.failure).toBeUndefined();
    expect(textsOf(takeAll(batches))).toEqual(['0:a', '1:b']);
    expect(batches.position).toBe(2);
    expect(batches.failure).toMatchObject({
      code: 'KAFKA_CORRUPT_BATCH',
      retriable: true,
      message:
        'topic "t", partition 2, offset 2: the checksum (CRC-32C) of the batch does not fit its bytes; nothing of it is passed on',
    });
  });

  it.each([
    ['a record length that does not fit', Buffer.from([0x7e, 0, 0, 0, 1, 1, 0]), 1, 0, /record of at most/],
    [
      'offsets that do not rise',
      Buffer.from([12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0]),
      2,
      0,
      /expected an offset from 11/,
    ],
    ['fewer records than promised', Buffer.from([12, 0, 0, 0, 1, 1, 0]), 3, 0, /ends within a record/],
    ['a value longer than its record', Buffer.from([12, 0, 0, 0, 1, 40, 0]), 1, 0, /expected a value of at most/],
    ['a header without a name', Buffer.from([14, 0, 0, 0, 1, 1, 2, 1]), 1, 0, /no name/],
    ['content that cannot be inflated', Buffer.from([1, 2, 3]), 1, 1, /gzip content cannot be inflated/],
    ['a compression that does not exist', Buffer.from([1, 2, 3]), 1, 7, /expected a compression/],
  ])('with a fitting checksum, refuses %s', (_, body, count, codec, message) => {
    const batches = fetched(batchAround(body, count, codec), 10);
    takeAll(batches);
    expect(batches.failure).toMatchObject({ code: 'KAFKA_CORRUPT_BATCH', message: expect.stringMatching(message) });
    expect(batches.failure!.message).toContain('partition 2, offset 1');
  });

  it('neither throws nor gives offsets that do not rise, whatever the bytes', () => {
    const good = Buffer.concat([
      batch(0, ['one', 'two']),
      batch(2, ['three'], { compress: { type: 'gzip', apply: gzipSync } }),
    ]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255))), fc.boolean(), (changes, mendsCrc) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of changes) bytes[at] = byte;
        if (mendsCrc && layout.sizeOf(bytes, 0) >= 61 && layout.sizeOf(bytes, 0) <= bytes.length)
          layout.writeCrc(bytes, 0);
        const offsets = takeAll(fetched(bytes)).map(({ offset, headers }) => offset + 0 * headers.length);
        expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
