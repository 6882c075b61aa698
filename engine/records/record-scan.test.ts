import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { batchHeaderBytes, encodeBatch } from './record-batch.ts';
import { exactMaxTimestamp, findRecord, RecordScan } from './record-scan.ts';
import { writeVarint } from './varint.ts';

const anything = { needsKeys: false, earliestMs: Number.NEGATIVE_INFINITY, latestMs: Number.POSITIVE_INFINITY };
const base = 1_764_000_000_000;

function bodyOf(records: Parameters<typeof encodeBatch>[0]['records']): Buffer {
  return encodeBatch({ records, baseTimestamp: base }).subarray(batchHeaderBytes);
}

function scan(body: Buffer, count: number, rules = anything): RecordScan {
  const result = new RecordScan();
  result.run(body, 0, body.length, count, base, rules);
  return result;
}

const mixed = [
  { key: null, value: Buffer.alloc(3000, 1), timestamp: base + 5 },
  { key: Buffer.from('k'), value: null, timestamp: base + 90_000_000 },
  {
    key: Buffer.alloc(200, 2),
    value: Buffer.alloc(0),
    timestamp: base - 40,
    headers: [
      { key: 'a', value: null },
      { key: '', value: Buffer.from('b') },
    ],
  },
];

describe('a scan of records', () => {
  it('accepts what an encoder writes, and knows the largest timestamp', () => {
    expect(scan(bodyOf(mixed), 3)).toMatchObject({
      damage: undefined,
      faults: undefined,
      maxTimestampMs: base + 90_000_000,
    });
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      key: null,
      value: null,
      timestamp: base + index * 1000,
    }));
    expect(scan(bodyOf(many), 20_000)).toMatchObject({ damage: undefined, maxTimestampMs: base + 19_999_000 });
  });

  it.each([
    [2n ** 63n - 1n, 0n],
    [2n ** 63n - 1n, -1n],
    [-1n, 2n ** 63n - 1n],
    [0n, 2n ** 63n - 1n],
    [2n ** 62n + 300n, 5n],
  ])('takes the time of a record behind one of %s for %s, however far apart they are', (first, second) => {
    const delta = BigInt.asIntN(64, second - first);
    let zigzag = BigInt.asUintN(64, (delta << 1n) ^ (delta >> 63n));
    const bytes: number[] = [];
    for (; zigzag > 127n; zigzag >>= 7n) bytes.push(Number(zigzag & 127n) | 128);
    bytes.push(Number(zigzag));
    const body = Buffer.from([12, 0, 0, 0, 1, 1, 0, (5 + bytes.length) * 2, 0, ...bytes, 2, 1, 1, 0]);
    const result = new RecordScan();
    const bounds = { needsKeys: false, earliestMs: base - 2 ** 63, latestMs: base + 2 ** 63 };
    result.run(body, 0, body.length, 2, Number(first), bounds, first);
    expect(result).toMatchObject({ damage: undefined, faults: undefined, isExact: false });
    expect(exactMaxTimestamp(body, 0, 2, first)).toBe(first > second ? first : second);
    const narrow = { needsKeys: false, earliestMs: -1, latestMs: Number(second) };
    result.run(body, 0, body.length, 2, Number(first), narrow, first);
    expect((result.faults ?? []).map(({ index }) => index)).toEqual(first > second ? [0] : []);
  });

  it('sees every cut, every count that is wrong and every byte that is too much', () => {
    const body = bodyOf(mixed);
    for (let size = 0; size < body.length; size++) expect(scan(body.subarray(0, size), 3).damage).toBeDefined();
    for (const count of [1, 2, 4, 1000]) expect(scan(body, count).damage).toBeDefined();
    expect(scan(Buffer.concat([body, Buffer.from([0])]), 3).damage).toBeDefined();
  });

  it.each([
    ['a size that is negative', (body: Buffer) => writeVarint(body, -3, 0)],
    ['a size of nothing', (body: Buffer) => writeVarint(body, 0, 0)],
    ['an offset delta that is not the next', (body: Buffer) => writeVarint(body, 1, 3)],
    ['a key that leaves its record', (body: Buffer) => writeVarint(body, 60, 4)],
    ['a negative number of headers', (body: Buffer) => writeVarint(body, -1, body.length - 1)],
    ['headers that are not there', (body: Buffer) => writeVarint(body, 1, body.length - 1)],
  ])('sees %s', (_, damage) => {
    const body = Buffer.from(bodyOf([{ key: Buffer.from('k'), value: Buffer.from('v') }]));
    damage(body);
    expect(scan(body, 1).damage).toBeDefined();
  });

  it('never reads outside and never throws: 3000 seeded bytes of noise', () => {
    const random = new SeededRandom(3);
    const body = Buffer.from(bodyOf(mixed));
    for (let round = 0; round < 3000; round++) {
      const damaged = Buffer.from(body);
      damaged[Math.floor(random.next() * 40)] = Math.floor(random.next() * 256);
      damaged[damaged.length - 1 - Math.floor(random.next() * 220)] = Math.floor(random.next() * 256);
      scan(damaged, 1 + Math.floor(random.next() * 5));
    }
  });

  it('names the records that break a rule', () => {
    const rules = { needsKeys: true, earliestMs: base, latestMs: base + 1000 };
    expect(scan(bodyOf(mixed), 3, rules).faults).toEqual([
      { index: 0, kind: 'key', timestampMs: base + 5 },
      { index: 1, kind: 'timestamp', timestampMs: base + 90_000_000 },
      { index: 2, kind: 'timestamp', timestampMs: base - 40 },
    ]);
  });

  it('lets a record be without a timestamp', () => {
    const body = bodyOf([{ key: null, value: null, timestamp: -1 }]);
    expect(scan(body, 1, { ...anything, earliestMs: base })).toMatchObject({ faults: undefined, maxTimestampMs: -1 });
  });

  it('says when a timestamp is beyond what a number holds, and finds the exact one', () => {
    const result = new RecordScan();
    const body = bodyOf([
      { key: null, value: null, timestamp: base + 1 },
      { key: null, value: null, timestamp: base },
    ]);
    result.run(body, 0, body.length, 2, Number(2n ** 62n), anything);
    expect(result).toMatchObject({ damage: undefined, isExact: false });
    expect(exactMaxTimestamp(body, 0, 2, 2n ** 62n)).toBe(2n ** 62n + 1n);
  });
});

it('finds the first record of a time from an offset on', () => {
  const body = bodyOf([1, 5, 3, 9].map((ms) => ({ key: null, value: Buffer.alloc(300), timestamp: base + ms * 1000 })));
  const at = (timestampMs: number, minOffsetDelta = 0) => findRecord(body, 0, 4, base, { timestampMs, minOffsetDelta });
  expect(at(base + 3000)).toEqual({ offsetDelta: 1, timestampMs: base + 5000 });
  expect(at(base + 3000, 2)).toEqual({ offsetDelta: 2, timestampMs: base + 3000 });
  expect(at(base + 9001)).toBeUndefined();
  expect(findRecord(body.subarray(0, 400), 0, 4, base, { timestampMs: base + 9000, minOffsetDelta: 0 })).toBe(
    'damaged',
  );
});
