/** One value of ASN.1's distinguished encoding (X.690). */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

export const derTag = { octets: 0x04, objectId: 0x06, sequence: 0x30, set: 0x31, tagged0: 0xa0 } as const;

const depthMax = 32;

/** The values that stand one behind the other. Throws RangeError where the bytes end too soon or nothing is encoded. */
export function derValues(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const { length, begin } = lengthAt(bytes, at + 1);
    if (begin + length > bytes.length) throw new RangeError('expected more bytes of a DER value');
    values.push({ tag, content: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return values;
}

function lengthAt(bytes: Buffer, at: number): { readonly length: number; readonly begin: number } {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return { length: first, begin: at + 1 };
  const size = first & 0x7f;
  if (size === 0 || size > 4) throw new RangeError('expected a DER length of at most 4 bytes');
  return { length: bytes.readUIntBE(at + 1, size), begin: at + 1 + size };
}

/** The value that `path` leads to, by positions in sequences: `[1, 0]` is the first of the second. */
export function derAt(bytes: Buffer, path: readonly number[]): DerValue {
  if (path.length > depthMax) throw new RangeError(`expected at most ${depthMax} levels`);
  let content = bytes;
  let found: DerValue | undefined;
  for (const index of path) {
    found = derValues(content)[index];
    if (!found) throw new RangeError('expected another DER value');
    content = found.content;
  }
  if (!found) throw new RangeError('expected a path');
  return found;
}

/** `1.2.840.113549.1.7.1`. */
export function objectIdOf({ tag, content }: DerValue): string {
  if (tag !== derTag.objectId || content.length === 0) throw new RangeError('expected an object identifier');
  const parts: number[] = [];
  let part = 0;
  for (const byte of content) {
    part = part * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    parts.push(part);
    part = 0;
  }
  const first = parts.shift() ?? 0;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...parts].join('.');
}
