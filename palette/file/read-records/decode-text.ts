import { isUtf8 } from 'node:buffer';
import { TextFault } from './text-fault.ts';

/** The bytes of a file from its start, piece by piece; may be asked for again. */
export type ByteSource = () => AsyncIterable<Buffer>;

/** Byte order marks, which say the encoding whatever the settings say. */
const marks: readonly (readonly [encoding: string, mark: Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];
const markBytesMax = 3;

/**
 * The text of a file piece by piece, without its byte order mark. A mark decides the encoding, else `encoding` does (a label of
 * the WHATWG Encoding standard; `iso-8859-1` is Latin-1 itself). Throws a TextFault that names the line, the column and the byte
 * of what is not in the encoding: nothing is replaced.
 */
export async function* decodeText(source: ByteSource, encoding: string): AsyncGenerator<string> {
  const { marked, markBytes } = await findMark(source);
  const actual = marked ?? encoding;
  const decode = decoderOf(actual);
  let offset = 0;
  let skip = markBytes;
  for await (const chunk of source()) {
    const bytes = skip ? chunk.subarray(skip) : chunk;
    skip = Math.max(0, skip - chunk.length);
    if (offset === 0 && actual === 'utf-8') refuseZeros(bytes);
    const text = decode(bytes, true);
    if (text === undefined) throw await locate(source, actual, markBytes, offset);
    offset += chunk.length;
    if (text) yield text;
  }
  const rest = decode(Buffer.alloc(0), false);
  if (rest === undefined) throw await locate(source, actual, markBytes, offset);
  if (rest) yield rest;
}

async function findMark(source: ByteSource): Promise<{ marked: string | undefined; markBytes: number }> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of source()) {
    head = Buffer.concat([head, chunk.subarray(0, markBytesMax)]);
    if (head.length >= markBytesMax) break;
  }
  const found = marks.find(([, mark]) => head.subarray(0, mark.length).equals(mark));
  return { marked: found?.[0], markBytes: found?.[1].length ?? 0 };
}

/** Decodes the next bytes; undefined when they are not in the encoding. `more` tells whether others may follow. */
type Decode = (bytes: Uint8Array, more: boolean) => string | undefined;

function decoderOf(encoding: string): Decode {
  if (encoding === 'utf-8') return utf8Decoder();
  if (encoding === 'iso-8859-1') return (bytes) => viewOf(bytes).toString('latin1');
  return standardDecoder(encoding);
}

/** The platform's own decoder: every encoding that browsers know. */
function standardDecoder(encoding: string): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes, stream) => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      return undefined;
    }
  };
}

/** Checks and decodes whole buffers at once, which is several times as fast as a fatal TextDecoder. */
function utf8Decoder(): Decode {
  let rest: Buffer = Buffer.alloc(0);
  return (piece, more) => {
    const bytes = rest.length ? Buffer.concat([rest, piece]) : viewOf(piece);
    const whole = bytes.subarray(0, bytes.length - (more ? unfinished(bytes) : 0));
    rest = bytes.subarray(whole.length);
    return isUtf8(whole) ? whole.toString('utf8') : undefined;
  };
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes at the end that begin a character of UTF-8 and do not finish it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** UTF-16 without its mark is valid UTF-8 full of zeros. */
function refuseZeros(head: Buffer): void {
  const at = head.indexOf(0);
  if (at >= 0)
    throw new TextFault(
      `expected UTF-8 text, but found a zero byte (byte ${at}): choose the encoding of the file, such as UTF-16`,
      lineAndTail(head.subarray(0, at).toString('utf8')).line,
    );
}

/** Reads again up to the piece of the file that failed, and that one byte by byte: only a file that is refused pays for it. */
async function locate(source: ByteSource, encoding: string, markBytes: number, failedAt: number): Promise<TextFault> {
  const decode = encoding === 'utf-8' ? standardDecoder(encoding) : decoderOf(encoding);
  let line = 1;
  let tail = '';
  const take = (text: string) => {
    const place = lineAndTail(tail + text);
    line += place.line - 1;
    tail = place.tail;
  };
  const fault = (found: string, at: number) =>
    new TextFault(
      `expected ${encoding.toUpperCase()} text, but found ${found} (byte ${at}): choose the encoding of the file, or save it as UTF-8`,
      line,
      tail.length + 1,
    );
  let offset = 0;
  for await (const chunk of source()) {
    const start = Math.max(0, markBytes - offset);
    if (offset + chunk.length <= failedAt) take(decode(chunk.subarray(start), true) ?? '');
    else {
      const texts: string[] = [];
      for (let at = start; at < chunk.length; at++) {
        const text = decode(chunk.subarray(at, at + 1), true);
        if (text !== undefined) {
          texts.push(text);
          continue;
        }
        take(texts.join(''));
        return fault(`the byte 0x${chunk[at]!.toString(16).padStart(2, '0')}`, offset + at);
      }
      take(texts.join(''));
    }
    offset += chunk.length;
  }
  return fault('the end of the file within a character', offset);
}

/** Where a text that starts in line 1 ends, and what stands in its last line. */
function lineAndTail(text: string): { line: number; tail: string } {
  const lines = text.split(/\r\n|\n|\r/);
  return { line: lines.length, tail: lines.at(-1)! };
}
