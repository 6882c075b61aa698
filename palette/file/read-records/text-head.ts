/** How the lines of a text end. */
export type LineEnd = 'lf' | 'cr';

/** Characters that are read at most to find the first line end. */
const headCharactersMax = 1_048_576;

/** The beginning of a text, looked at before the rest is read. */
export interface TextHead {
  /** How its first line ends: `cr` stands for a lone carriage return, `lf` for LF and CRLF, and for a text of one line. */
  readonly lineEnd: LineEnd;
  /** The separator of Excel's first line `sep=;`, which is left out of `chunks` then. */
  readonly separator: string | undefined;
  /** The whole text again. */
  readonly chunks: AsyncIterable<string>;
}

/** Reads as much of a text as tells how its lines end. A line break within double quotes of CSV is none. */
export async function readHead(chunks: AsyncIterable<string>): Promise<TextHead> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = '';
  let lineEnd: LineEnd | undefined;
  while (lineEnd === undefined && head.length < headCharactersMax) {
    const { done, value } = await rest.next();
    if (done) break;
    head += value;
    lineEnd = firstLineEnd(head);
  }
  const [line, separator] = /^sep=([^\r\n"])(?:\r\n|\n|\r|$)/i.exec(head) ?? [];
  const start = line === undefined ? head : head.slice(line.length);
  return { lineEnd: lineEnd ?? (head.endsWith('\r') ? 'cr' : 'lf'), separator, chunks: joined(start, rest) };
}

/** Undefined while there is none, or while the character behind a carriage return is not there yet. */
function firstLineEnd(text: string): LineEnd | undefined {
  const pattern = /"[^"]*"?|\r\n|\n|\r/g;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [what] = found;
    if (what.startsWith('"')) continue;
    if (what !== '\r') return 'lf';
    return pattern.lastIndex === text.length ? undefined : 'cr';
  }
  return undefined;
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    if (head) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
