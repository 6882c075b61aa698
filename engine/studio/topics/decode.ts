import type { JsonFault } from '../../model/json-text.ts';
import { parseJson } from '../../model/json-text.ts';
import type { Decoded } from '../contract.ts';

/** The start of longer JSON is shown without a check: parsing megabytes for a preview would hold up everything else. */
const checkedJsonBytesMax = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these characters tell binary data from text
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Shows bytes as what they most likely are: JSON, else text, else base64, and says why the first guess failed. JSON stays the
 * text that was sent, so that no digit of a long number changes. At most `bytesMax` bytes are shown.
 */
export function decode(bytes: Uint8Array | null, bytesMax: number): Decoded {
  if (bytes === null) return { format: 'null', text: '', sizeBytes: 0, truncated: false, reason: null };
  const shown = bytes.subarray(0, bytesMax);
  const truncated = shown.length < bytes.length;
  const size = { sizeBytes: bytes.length, truncated };
  const text = asText(bytes);
  if (text === undefined) return { format: 'bytes', text: base64(shown), ...size, reason: whyNoText(bytes) };
  const cut = truncated ? cutText(shown) : text;
  if (!/^\s*[[{]/.test(text)) return { format: 'text', text: cut, ...size, reason: null };
  // A byte order mark may stand in front of JSON; it is no part of it.
  const fault = truncated && bytes.length > checkedJsonBytesMax ? undefined : faultOf(text.replace(/^\ufeff/, ''));
  if (!fault) return { format: 'json', text: cut, ...size, reason: null };
  const { line, column, message } = fault;
  return { format: 'text', text: cut, ...size, reason: `not JSON: line ${line}, column ${column}: ${message}` };
}

/** Where text is no JSON. What is long is read by the engine's own parser first, which is many times as fast and says less. */
function faultOf(text: string): JsonFault | undefined {
  if (text.length > checkedJsonBytesMax) {
    try {
      JSON.parse(text);
      return undefined;
    } catch {
      // The other parser says where.
    }
  }
  const read = parseJson(text);
  return read.ok ? undefined : read.error;
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return controlCharacter.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Cuts at a whole character: a cut one would show as a replacement mark that was never sent. */
function cutText(shown: Uint8Array): string {
  let end = shown.length;
  while (end > 0 && (shown[end - 1]! & 0xc0) === 0x80) end--;
  if (end > 0 && shown[end - 1]! >= 0xc0) end--;
  const whole = new TextDecoder('utf-8', { ignoreBOM: true });
  const all = whole.decode(shown);
  return all.endsWith('\ufffd') ? whole.decode(shown.subarray(0, end)) : all;
}

function whyNoText(bytes: Uint8Array): string {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) return `not text: byte ${at} is 0x${bytes[at]!.toString(16).padStart(2, '0')}`;
    at += length;
  }
  return 'not text';
}

/** Bytes of the character that begins at `at`; 0 when none does, or when it is a control character. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return asText(bytes.subarray(at, at + length)) === undefined ? 0 : length;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
