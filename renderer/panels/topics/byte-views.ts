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
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/**
 * Bytes in another view, piece by piece: megabytes cost what is looked at. Undefined where the view that the studio chose is
 * wanted. Can be gone through any number of times.
 */
export function viewOf(decoded: Decoded, view: ByteView): Iterable<string> | undefined {
  if (view === 'auto' || decoded.format === 'null') return undefined;
  const bytes = bytesOf(decoded);
  return { [Symbol.iterator]: () => writers[view](bytes) };
}

const writers = { hex: hexPieces, base64: base64Pieces, text: escapedPieces } as const;

/** Offset, sixteen bytes, and the letters among them. */
function* hexPieces(bytes: Uint8Array): Generator<string, void> {
  for (let from = 0; from < bytes.length; from += hexLineBytes) {
    const line = bytes.subarray(from, from + hexLineBytes);
    const digits = Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(
      '',
    );
    const end = from + hexLineBytes < bytes.length ? '\n' : '';
    yield `${from.toString(16).padStart(8, '0')}  ${digits.padEnd(hexLineBytes * 3 - 1)}  ${letters}${end}`;
  }
}

/** Characters of one piece, about. */
const pieceChars = 4_096;

/** UTF-8 with everything that cannot be read as `\\xNN`, a backslash doubled: no byte is lost from sight. */
function* escapedPieces(bytes: Uint8Array): Generator<string, void> {
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
    if (text.length < pieceChars) continue;
    yield text;
    text = '';
  }
  yield text;
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

/** Bytes of one piece; three make four letters, so that pieces join. */
const base64PieceBytes = 3 * 1_024;

/** Base64 (RFC 4648). */
function* base64Pieces(bytes: Uint8Array): Generator<string, void> {
  for (let from = 0; from < bytes.length; from += base64PieceBytes)
    yield btoa(String.fromCharCode(...bytes.subarray(from, from + base64PieceBytes)));
}
