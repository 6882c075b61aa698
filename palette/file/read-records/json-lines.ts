import { parseJson } from './parse-json.ts';
import { BadRecord, TextFault } from './text-fault.ts';
import { readHead } from './text-head.ts';

/** Characters of one JSON line at most. */
const lineCharactersMax = 16_777_216;

/** The values of a text with one JSON value per line, those of each piece together; blank lines are passed over. A line without JSON is a BadRecord. */
export async function* jsonLineRecords(text: AsyncIterable<string>): AsyncGenerator<unknown[]> {
  const { lineEnd, chunks } = await readHead(text);
  const end = lineEnd === 'cr' ? /\r\n?|\n/ : '\n';
  /** Pieces of a line whose end has not come yet. */
  let open: string[] = [];
  let openCharacters = 0;
  let line = 0;
  for await (const chunk of chunks) {
    const lines = chunk.split(end);
    if (lines.length > 1) {
      lines[0] = open.join('') + lines[0];
      open = [];
      openCharacters = 0;
    }
    const rest = lines.pop()!;
    open.push(rest);
    openCharacters += rest.length;
    if (openCharacters > lineCharactersMax)
      throw new TextFault(`expected a line of at most ${lineCharactersMax} characters`, line + lines.length + 1);
    yield records(lines, line);
    line += lines.length;
  }
  yield records([open.join('')], line);
}

function records(lines: readonly string[], before: number): unknown[] {
  const found: unknown[] = [];
  for (const [index, text] of lines.entries()) if (text.trim()) found.push(record(text, before + index + 1));
  return found;
}

function record(text: string, line: number): unknown {
  const json = parseJson(text);
  return json.ok
    ? json.value
    : new BadRecord(`expected JSON: ${json.error.message}`, line, json.error.column, text.trim());
}
