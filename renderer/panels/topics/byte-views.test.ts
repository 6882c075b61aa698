import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../engine/studio/contract.ts';
import { bytesOf, escapedOf, hexOf, viewOf } from './byte-views.ts';

const decoded = (format: Decoded['format'], text: string): Decoded => ({
  format,
  text,
  sizeBytes: text.length,
  truncated: false,
  reason: null,
});

describe('views of bytes', () => {
  it('shows what cannot be read as text by its number, and the rest as it is', () => {
    expect(escapedOf(Uint8Array.of(0x63, 0x00, 0xe9, 0xc3, 0xa9, 0x5c, 0x0a))).toBe('c\\x00\\xe9é\\\\\n');
    expect(escapedOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b))).toBe('\\xef\\xbb\\xbf{');
    expect(escapedOf(Uint8Array.of(0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f))).toBe('😀\\xf0\\x9f');
  });

  it('lays hex out with offsets and letters', () => {
    const [first, second] = hexOf(new TextEncoder().encode('{"id":42,"x":"é"}')).split('\n');
    expect(first).toBe('00000000  7b 22 69 64 22 3a 34 32 2c 22 78 22 3a 22 c3 a9  {"id":42,"x":"..');
    expect(second).toBe(`00000010  22 7d${' '.repeat(44)}"}`);
  });

  it('goes back to the bytes that came', () => {
    expect(bytesOf(decoded('bytes', '/wA='))).toEqual(Uint8Array.of(0xff, 0));
    expect(viewOf(decoded('text', 'é'), 'hex')).toContain('c3 a9');
    expect(viewOf(decoded('json', '{}'), 'base64')).toBe('e30=');
    expect(viewOf(decoded('json', '{}'), 'auto')).toBeUndefined();
    expect(viewOf(decoded('null', ''), 'hex')).toBeUndefined();
  });
});
