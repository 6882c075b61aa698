/** One element of DER (X.690): what it is, and what lies in it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag and length too. */
  readonly raw: Buffer;
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The elements that follow one another in `bytes`. @throws Error where they do not fit into them */
export function derElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { element, end } = elementAt(bytes, at);
    elements.push(element);
    at = end;
  }
  return elements;
}

/** The only element of `bytes`; what follows it is not looked at. */
export function derElement(bytes: Buffer): DerElement {
  return elementAt(bytes, 0).element;
}

function elementAt(bytes: Buffer, at: number): { readonly element: DerElement; readonly end: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new Error('expected a whole DER element, found its beginning');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80 || at + 2 + lengthBytes > bytes.length)
    throw new Error(`expected a DER length of up to 4 bytes, found ${lengthBytes}`);
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  const end = start + length;
  if (end > bytes.length) throw new Error(`expected ${length} bytes in a DER element, found ${bytes.length - start}`);
  return { element: { tag, content: bytes.subarray(start, end), raw: bytes.subarray(at, end) }, end };
}

/** An element of `parts`, one after the other. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const size = Buffer.alloc(bytes);
  size.writeUIntBE(length, 0, bytes);
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes]), size, content]);
}

export function derSequence(...parts: readonly Uint8Array[]): Buffer {
  return der(derTags.sequence, ...parts);
}

/** `1.2.840.113549` */
export function derOid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return der(derTags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** The text of an object identifier's content. */
export function oidText(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
