import type { Decoded } from '../../../engine/studio/contract.ts';

/** How the bytes of a key, value or header are shown; `auto` is what the studio found them to be. */
export type ByteView = 'auto' | 'text' | 'hex' | 'base64';

export const byteViews: readonly { readonly value: ByteView; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'text', label: 'Text, escaped' },
  { value: 'hex', label: 'Hex' },
  { value: 'base64', label: 'Base64' },
];

/** Bytes that a line of a hex view shows. */
const hexLineBytes = 16;

/** The bytes that were shown as text or base64. */
export function bytesOf({ format, text }: Decoded): Uint8Array {
  if (format === 'null') return new Uint8Array();
  if (format !== 'bytes') return new TextEncoder().encode(text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Bytes in another view; undefined where the view that the studio chose is wanted. */
export function viewOf(decoded: Decoded, view: ByteView): string | undefined {
  if (view === 'auto' || decoded.format === 'null') return undefined;
  const bytes = bytesOf(decoded);
  if (view === 'hex') return hexOf(bytes);
  return view === 'base64' ? base64Of(bytes) : escapedOf(bytes);
}

/** Offset, sixteen bytes, and the letters among them. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += hexLineBytes) {
    const line = bytes.subarray(from, from + hexLineBytes);
    const digits = Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(
      '',
    );
    lines.push(`${from.toString(16).padStart(8, '0')}  ${digits.padEnd(hexLineBytes * 3 - 1)}  ${letters}`);
  }
  return lines.join('\n');
}

/** UTF-8 with everything that cannot be read as `\\xNN`, a backslash doubled: no byte is lost from sight. */
export function escapedOf(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = letterLength(bytes[at]!);
    const letter = length === 0 ? undefined : decoded(decoder, bytes.subarray(at, at + length));
    if (letter === undefined) {
      text += escapeOf(bytes[at]!);
      at += 1;
    } else {
      const isHidden = letter.length === 1 && /[\p{Cc}\p{Cf}]/u.test(letter) && letter !== '\n' && letter !== '\t';
      if (letter === '\\') text += '\\\\';
      else text += isHidden ? Array.from(bytes.subarray(at, at + length), escapeOf).join('') : letter;
      at += length;
    }
  }
  return text;
}

function escapeOf(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Bytes of the letter that begins with this byte (RFC 3629); 0 where none does. */
function letterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes handed to String.fromCharCode at once. */
const chunkBytes = 32_768;

/** Base64 (RFC 4648) of bytes of any number. */
export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += chunkBytes)
    binary += String.fromCharCode(...bytes.subarray(from, from + chunkBytes));
  return btoa(binary);
}
