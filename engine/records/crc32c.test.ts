import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { crc32c, crc32cPortable } from './crc32c.ts';

describe('crc32c', () => {
  // RFC 3720, appendix B.4.
  const vectors: [string, Uint8Array, number][] = [
    ['nothing', new Uint8Array(0), 0],
    ['check string', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['ascending', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ['descending', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ];
  for (const [name, bytes, expected] of vectors) {
    it(`knows ${name}`, () => {
      expect(crc32c(bytes)).toBe(expected);
      expect(crc32cPortable(bytes)).toBe(expected);
    });
  }

  it('gives the same in native and portable code, whole or in part, at any length and alignment', () => {
    // The native code is loaded once this much has been summed.
    crc32c(new Uint8Array(65_537));
    const bytes = new SeededRandom(3).bytes(4096);
    for (let start = 0; start < 20; start++)
      for (const length of [0, 1, 7, 8, 9, 255, 256, 257, 1024, 4000])
        expect(crc32c(bytes, start, start + length)).toBe(crc32cPortable(bytes.subarray(start, start + length)));
  });
});
