type Reviver = (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown;

const backslash = 0x5c;
const colon = 0x3a;
const space = 0x20;

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
  let at = text.indexOf('\\');
  while (at >= 0) {
    const end = endOfString(text, at);
    if (end < 0) return [];
    if (isName(text, end)) starts.push(text.lastIndexOf('"', at) + 1);
    at = text.indexOf('\\', end);
  }
  return starts;
}

/** The closing quote of the string whose first escape stands at `at`, or -1. Goes from quote to quote: values may be as long as a message. */
function endOfString(text: string, at: number): number {
  let quote = text.indexOf('"', at);
  while (quote >= 0) {
    let first = quote;
    while (first > at && text.charCodeAt(first - 1) === backslash) first--;
    if ((quote - first) % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}

/** Whether a colon follows the string that ends at `end`. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= space) at++;
  return text.charCodeAt(at) === colon;
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
