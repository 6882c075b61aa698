type Reviver = (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** From a backslash within a string to its end, and the colon that tells a name from a value. */
const restOfString = /(?:\\.|[^"\\])*"[ \t\n\r]*(:?)/sy;

/**
 * JSON.parse, with names that are right. V8 13.6 (Node 24, Chromium of its age) takes the name of an object that it parsed before for the
 * next one's when the text of the escape begins like it: after `{"a":1,"\\":2}` it reads `{"a":1,"\n":2}` as if its second name were a
 * backslash. Names with an escape, which are rare, are therefore read under a mark that no name before can begin with, and
 * the mark is taken off again. Throws a SyntaxError.
 */
export function parseText(text: string, reviver?: Reviver): unknown {
  if (!text.includes('\\')) return JSON.parse(text, reviver);
  const starts = escapedNames(text);
  if (starts.length === 0) return JSON.parse(text, reviver);
  const mark = nextMark(text);
  let marked = '';
  let from = 0;
  for (const start of starts) {
    marked += `${text.slice(from, start)}${mark}`;
    from = start;
  }
  return unmarked(JSON.parse(marked + text.slice(from), reviver), mark);
}

/** Where the names that hold an escape begin, behind their quotes. In a text that is no JSON they may be anywhere. */
function escapedNames(text: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', restOfString.lastIndex)) {
    restOfString.lastIndex = at;
    const rest = restOfString.exec(text);
    if (!rest) return [];
    if (rest[1]) starts.push(text.lastIndexOf('"', at) + 1);
  }
  return starts;
}

let marks = 0;

/** Never the same twice, so that no name of an earlier text begins with it; and not in this text. */
function nextMark(text: string): string {
  for (;;) {
    const mark = `<${(marks++).toString(36)}>`;
    if (!text.includes(mark)) return mark;
  }
}

function unmarked(data: unknown, mark: string): unknown {
  if (Array.isArray(data)) return data.map((item) => unmarked(item, mark));
  if (typeof data !== 'object' || data === null || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name.startsWith(mark) ? name.slice(mark.length) : name,
      unmarked(value, mark),
    ]),
  );
}
