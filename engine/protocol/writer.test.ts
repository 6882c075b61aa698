import { expect, it } from 'vitest';
import { Writer } from './writer.ts';

it('writes an int64 beyond 2^53 where it belongs when it is the first in a new chunk, and changes nothing before it', () => {
  for (let bytesBefore = 16_370; bytesBefore <= 16_390; bytesBefore++) {
    const writer = new Writer();
    for (let at = 0; at < bytesBefore; at++) writer.int8(1);
    writer.int64Wide(2n ** 60n + 5n);
    const bytes = Buffer.concat(writer.finish());
    expect(bytes.subarray(0, bytesBefore).every((byte) => byte === 1)).toBe(true);
    expect(bytes.readBigInt64BE(bytesBefore)).toBe(2n ** 60n + 5n);
  }
});
