/**
 * The fields of a JSON object, each with the very text of its value, so that no digit and no blank of it changes. Throws a
 * SyntaxError for a text that is no JSON, an Error for JSON that is no object or has a field twice.
 */
export function fieldsOf(json: string): ReadonlyMap<string, string> {
  const text = json.trim();
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`expected a JSON object, found ${text.slice(0, 60)}`);
  const fields = new Map<string, string>();
  // What follows leans on the text being JSON.
  let at = 1;
  for (;;) {
    const nameStart = text.indexOf('"', at);
    if (nameStart < 0) return fields;
    const nameEnd = endOfString(text, nameStart);
    const name = String(JSON.parse(text.slice(nameStart, nameEnd)));
    const start = text.indexOf(':', nameEnd) + 1;
    const end = endOfValue(text, start);
    if (fields.has(name)) throw new Error(`expected the field ${JSON.stringify(name)} once, found it twice`);
    fields.set(name, text.slice(start, end).trim());
    at = end + 1;
  }
}

/** Behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at++;
    else if (char === 0x22) return at + 1;
  }
}

/** The comma or bracket behind a value. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (depth === 0 && (char === ',' || char === '}')) return at;
    else if (char === '}' || char === ']') depth--;
  }
}
