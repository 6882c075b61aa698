import { gzipSync, zstdCompressSync } from 'node:zlib';
import { lz4Compress, snappyCompress } from '@platformatic/wasm-utils';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import type { Compression } from './record-batch.ts';
import { decodeRecords, encodeBatch } from './record-batch.ts';
import { decompress, decompressInBackground } from './record-decompress.ts';

const compressors: Record<Exclude<Compression, 'none'>, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  zstd: zstdCompressSync,
  snappy: snappyCompress,
  lz4: lz4Compress,
};

const pause = () => Promise.resolve();

const samples: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  text: Buffer.from('the same words again and again, '.repeat(4000)),
  'a run': Buffer.alloc(100_000, 7),
  noise: Buffer.from(new SeededRandom(5).bytes(200_000)),
};

function xerial(...blocks: Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from('82534e415050590000000001' + '00000001', 'hex')];
  for (const block of blocks) {
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

describe('decompress', () => {
  for (const [codec, compress] of Object.entries(compressors) as [Compression, (bytes: Buffer) => Buffer][]) {
    for (const [name, sample] of Object.entries(samples)) {
      if (codec === 'lz4' && name === 'empty') continue;
      it(`inflates ${name} from ${codec}`, () => {
        expect(decompress(codec, compress(sample)).equals(sample)).toBe(true);
      });
    }

    it(`reads records of a ${codec} batch`, () => {
      const records = Array.from({ length: 100 }, (_, index) => ({
        key: null,
        value: Buffer.from(`value ${index % 7}`),
      }));
      const batch = encodeBatch({
        records,
        baseTimestamp: 5,
        baseOffset: 40,
        compress: { type: codec, apply: compress },
      });
      expect(decodeRecords(batch, { decompress }).map((record) => `${record.offset} ${record.value}`)).toEqual(
        records.map((record, index) => `${40 + index} ${record.value}`),
      );
    });
  }

  it('inflates snappy in the framing of Java clients', () => {
    const blocks = [samples.text!, samples.noise!].map((sample) => snappyCompress(sample));
    expect(decompress('snappy', xerial(...blocks)).equals(Buffer.concat([samples.text!, samples.noise!]))).toBe(true);
  });

  it('inflates concatenated LZ4 frames', () => {
    const frames = Buffer.concat([lz4Compress(samples.text!), lz4Compress(samples['a run']!)]);
    expect(decompress('lz4', frames).equals(Buffer.concat([samples.text!, samples['a run']!]))).toBe(true);
  });

  it.each(Object.entries(compressors))(
    'refuses to inflate %s beyond its bound, in the background too',
    async (name, apply) => {
      const codec = name as Compression;
      const packed = apply(samples['a run']!);
      expect(() => decompress(codec, packed, 99_999)).toThrow(/99999/);
      await expect(decompressInBackground(codec, packed, pause, 99_999)).rejects.toThrow(/99999/);
      expect(decompress(codec, packed, 100_000)).toHaveLength(100_000);
      expect(await decompressInBackground(codec, packed, pause, 100_000)).toHaveLength(100_000);
    },
  );

  it('takes no memory for what a snappy block only claims', () => {
    expect(() => decompress('snappy', Buffer.from('80808020000000', 'hex'))).toThrow(/cannot inflate/);
  });

  it.each(['snappy', 'lz4'] as const)('lets others work while a large %s batch inflates', async (codec) => {
    const large = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => index).join());
    let turns = 0;
    const inflating = decompressInBackground(codec, compressors[codec](large), () => {
      turns++;
      return pause();
    });
    expect((await inflating).equals(large)).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it('throws on damage and never reads outside: every cut, and 2000 seeded byte flips', () => {
    const random = new SeededRandom(9);
    for (const codec of ['snappy', 'lz4'] as const) {
      const packed = Buffer.from(compressors[codec](Buffer.from('abcabcabcabd'.repeat(20))));
      for (let size = 1; size < packed.length; size++)
        expect(() => decompress(codec, packed.subarray(0, size))).toThrow();
      for (let round = 0; round < 1000; round++) {
        const damaged = Buffer.from(packed);
        const at = Math.floor(random.next() * damaged.length);
        damaged[at] = damaged[at]! ^ (1 + Math.floor(random.next() * 255));
        try {
          decompress(codec, damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }
  });
});
