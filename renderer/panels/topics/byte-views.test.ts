import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../engine/studio/contract.ts';
import type { ByteView } from './byte-views.ts';
import { bytesOf, viewOf } from './byte-views.ts';

const decoded = (format: Decoded['format'], text: string): Decoded => ({
  format,
  text,
  sizeBytes: text.length,
  truncated: false,
  reason: null,
});

const shown = (format: Decoded['format'], text: string, view: ByteView) => {
  const pieces = viewOf(decoded(format, text), view);
  return pieces && [...pieces].join('');
};
const escapedOf = (bytes: Uint8Array) => shown('bytes', Buffer.from(bytes).toString('base64'), 'text');
const hexOf = (bytes: Uint8Array) => shown('bytes', Buffer.from(bytes).toString('base64'), 'hex')!;

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
    expect(shown('text', 'é', 'hex')).toContain('c3 a9');
    expect(shown('json', '{}', 'base64')).toBe('e30=');
    expect(viewOf(decoded('json', '{}'), 'auto')).toBeUndefined();
    expect(viewOf(decoded('null', ''), 'hex')).toBeUndefined();
  });

  it('costs what is looked at, and gives every byte to whoever goes on', () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 'é\\x');
    const all = decoded('bytes', bytes.toString('base64'));
    for (const view of ['hex', 'text', 'base64'] as const) {
      const [first] = viewOf(all, view)!;
      expect(first!.length).toBeLessThan(5_000);
    }
    const odd = Buffer.from(Array.from({ length: 10_001 }, (_, at) => at % 256));
    expect(shown('bytes', odd.toString('base64'), 'base64')).toBe(odd.toString('base64'));
    // Gone through twice it is the same: drawing twice is what React does.
    const pieces = viewOf(all, 'hex')!;
    expect(pieces[Symbol.iterator]().next()).toEqual(pieces[Symbol.iterator]().next());
  });
});
