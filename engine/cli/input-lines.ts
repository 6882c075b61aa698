/** Bytes of one line of input at most. */
const lineBytesMax = 64 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line of input without its line end; lines count from 1. */
export interface InputLine {
  readonly number: number;
  readonly bytes: Buffer;
}

/**
 * The lines of an input as they come, the bytes as they are; empty lines are passed over. Nothing is read ahead of whoever asks
 * for lines. Throws a RangeError for a line above 64 MiB.
 */
export async function* inputLines(input: AsyncIterable<Buffer>): AsyncGenerator<InputLine> {
  let open: Buffer[] = [];
  let openBytes = 0;
  let number = 0;
  const close = (last: Buffer): InputLine => {
    const whole = open.length ? Buffer.concat([...open, last]) : last;
    open = [];
    openBytes = 0;
    number++;
    const end = whole.at(-1) === carriageReturn ? whole.length - 1 : whole.length;
    return { number, bytes: whole.subarray(0, end) };
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const line = close(chunk.subarray(start, end));
      start = end + 1;
      if (line.bytes.length) yield line;
    }
    if (start === chunk.length) continue;
    open.push(chunk.subarray(start));
    openBytes += chunk.length - start;
    if (openBytes > lineBytesMax)
      throw new RangeError(`line ${number + 1}: expected at most ${lineBytesMax} bytes, found more`);
  }
  const last = close(Buffer.alloc(0));
  if (last.bytes.length) yield last;
}

/** A line without the byte order mark that an input may begin with. */
export function withoutMark({ number, bytes }: InputLine): Buffer {
  return number === 1 && bytes.subarray(0, mark.length).equals(mark) ? bytes.subarray(mark.length) : bytes;
}
