import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { DecodeError } from './decode-error.ts';
import { EncodeError } from './encode-error.ts';
import { Reader } from './reader.ts';
import { isUuid, metadataTopicId, uuidFromRandom, zeroUuid } from './uuid.ts';
import { Writer } from './writer.ts';

function written(write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  write(writer);
  return Buffer.concat(writer.finish());
}

function reading(hex: string): Reader {
  return new Reader(Buffer.from(hex, 'hex'));
}

describe('varints', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [4_294_967_295, 'ffffffff0f'],
  ])('unsigned %d is %s', (value, hex) => {
    expect(written((writer) => writer.uvarint(value)).toString('hex')).toBe(hex);
    expect(reading(hex).uvarint()).toBe(value);
  });

  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [2_147_483_647, 'feffffff0f'],
    [-2_147_483_648, 'ffffffff0f'],
  ])('zigzag %d is %s, as varint and as varlong', (value, hex) => {
    expect(written((writer) => writer.varint(value)).toString('hex')).toBe(hex);
    expect(written((writer) => writer.varlong(value)).toString('hex')).toBe(hex);
    expect(reading(hex).varint()).toBe(value);
    expect(reading(hex).varlong()).toBe(value);
  });

  it('varlong holds every safe integer and refuses others', () => {
    for (const value of [
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      2 ** 52,
      -(2 ** 52) - 1,
      1_700_000_000_000,
    ]) {
      const bytes = written((writer) => writer.varlong(value));
      const zigzag = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
      expect(bytes.length).toBe(Math.ceil(zigzag.toString(2).length / 7));
      expect(new Reader(bytes).varlong()).toBe(value);
    }
    expect(() => reading('ffffffffffffffffff01').varlong()).toThrow(DecodeError);
    expect(() => reading('ffffffffffffffffffff01').varlong()).toThrow(/at most ten bytes/);
  });

  it('refuses more than 32 bits', () => {
    expect(() => reading('ffffffff1f').uvarint()).toThrow(/at most 32 bits/);
    expect(() => reading('ffffffffff01').uvarint()).toThrow(DecodeError);
    expect(() => reading('80').uvarint()).toThrow(DecodeError);
  });
});

describe('int64', () => {
  it.each([
    [0, '0000000000000000'],
    [-1, 'ffffffffffffffff'],
    [-2, 'fffffffffffffffe'],
    [4_294_967_296, '0000000100000000'],
    [-4_294_967_296, 'ffffffff00000000'],
    [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
  ])('%d is %s', (value, hex) => {
    expect(written((writer) => writer.int64(value)).toString('hex')).toBe(hex);
    expect(reading(hex).int64()).toBe(value);
  });

  it.each([
    ['0020000000000000', 2n ** 53n],
    ['ffe0000000000000', -(2n ** 53n)],
    ['7fffffffffffffff', 2n ** 63n - 1n],
    ['8000000000000000', -(2n ** 63n)],
  ])('%s is refused, clamped or a bigint', (hex, value) => {
    expect(() => reading(hex).int64()).toThrow(/expected an int64 within/);
    expect(reading(hex).int64Clamped()).toBe(value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER);
    expect(reading(hex).int64Wide()).toBe(value);
    expect(written((writer) => writer.int64Wide(value)).toString('hex')).toBe(hex);
    const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    const bytes: number[] = [];
    for (let rest = zigzag; bytes.length === 0 || rest > 0n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0x7f;
    expect(new Reader(Buffer.from(bytes)).varlongWide()).toBe(value);
  });

  it.each(['001fffffffffffff', 'ffe0000000000001', '0000000000000000', 'ffffffffffffffff'])(
    '%s is the same number whichever way it is read',
    (hex) => {
      const value = reading(hex).int64();
      expect([reading(hex).int64Clamped(), reading(hex).int64Wide()]).toEqual([value, value]);
      expect(written((writer) => writer.int64Wide(value)).toString('hex')).toBe(hex);
    },
  );

  it('writes no bigint that has more than 64 bits', () => {
    expect(() => written((writer) => writer.int64Wide(2n ** 63n))).toThrow(/expected an int64/);
    expect(() => reading('00').int64Wide()).toThrow(DecodeError);
    expect(() => reading('00').int64Clamped()).toThrow(DecodeError);
  });
});

describe('other primitives', () => {
  it('keep their sign', () => {
    expect([reading('80').int8(), reading('8000').int16(), reading('8000').uint16()]).toEqual([-128, -32_768, 32_768]);
    expect([reading('80000000').int32(), reading('80000000').uint32()]).toEqual([-2_147_483_648, 2_147_483_648]);
    expect(written((writer) => writer.float64(1.5)).toString('hex')).toBe('3ff8000000000000');
  });

  it('strings count bytes, not characters', () => {
    for (const text of ['', 'plain', 'grüße', '主题🚂', 'é'.repeat(40)]) {
      const bytes = written((writer) => writer.string(text));
      expect(bytes.readInt16BE(0)).toBe(Buffer.byteLength(text));
      expect(new Reader(bytes).string()).toBe(text);
      expect(new Reader(written((writer) => writer.compactString(text))).compactString()).toBe(text);
    }
    expect(() => written((writer) => writer.string('x'.repeat(32_768)))).toThrow(EncodeError);
    expect(() => reading('fffe').string()).toThrow(/-1 or more, found -2/);
  });

  it('uuids have 22 characters', () => {
    expect(reading('00'.repeat(16)).uuid()).toBe(zeroUuid);
    expect(reading(`${'00'.repeat(15)}01`).uuid()).toBe(metadataTopicId);
    const id = uuidFromRandom(new SeededRandom(7).bytes(16));
    expect(isUuid(id)).toBe(true);
    expect(new Reader(written((writer) => writer.uuid(id))).uuid()).toBe(id);
    expect(() => written((writer) => writer.uuid('not a uuid'))).toThrow(EncodeError);
  });
});

describe('the writer', () => {
  it('crosses chunk borders, leaves finished chunks alone and counts its bytes', () => {
    const writer = new Writer();
    for (let value = 0; value < 10_000; value++) writer.int32(value);
    expect(writer.byteLength).toBe(40_000);
    const chunks = writer.finish();
    const before = Buffer.concat(chunks);
    written((next) => next.raw(Buffer.alloc(900, 0xff)));
    expect(Buffer.concat(chunks)).toEqual(before);
    const reader = new Reader(before);
    for (let value = 0; value < 10_000; value++) expect(reader.int32()).toBe(value);
  });

  it('fills in a reserved number even after its chunk is full', () => {
    const writer = new Writer();
    const fill = writer.reserveInt32();
    writer.raw(Buffer.alloc(40_000, 1));
    fill(writer.byteLength);
    expect(Buffer.concat(writer.finish()).readInt32BE(0)).toBe(40_004);
  });
});
