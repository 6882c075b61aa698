/** One line of a properties file: a name, its value, and the line (from 1) that it begins on. */
export interface PropertyLine {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

const blanks = ' \t\f';
const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/**
 * Reads a text in the form of java.util.Properties: `name=value`, `name: value` or `name value`, comments behind `#` and `!`,
 * lines that go on behind a backslash, `\uXXXX`. Everything is readable: what is no escape stands for itself, as in Java.
 */
export function parseProperties(text: string): PropertyLine[] {
  return logicalLines(text).map(({ text: line, number }) => {
    const { name, rest } = splitAtSeparator(line);
    return { name: withoutEscapes(name), value: withoutEscapes(rest), line: number };
  });
}

/** Lines without comments and blanks before them, those that go on joined with what they go on with. */
function logicalLines(text: string): { readonly text: string; readonly number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let open: { text: string; number: number } | undefined;
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (!open && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const goesOn = (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
    open ??= { text: '', number: index + 1 };
    open.text += goesOn ? line.slice(0, -1) : line;
    if (goesOn) continue;
    lines.push(open);
    open = undefined;
  }
  if (open) lines.push(open);
  return lines;
}

/** A name ends at the first blank, `=` or `:` without a backslash before it. */
function splitAtSeparator(line: string): { readonly name: string; readonly rest: string } {
  let end = 0;
  while (end < line.length && !`${blanks}=:`.includes(line.charAt(end))) end += line[end] === '\\' ? 2 : 1;
  const rest = line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
  return { name: line.slice(0, end), rest };
}

function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, one: string) =>
    hex === undefined ? (escapes[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
