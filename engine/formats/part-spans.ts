import { hiddenField } from './hidden-field.ts';
import { sourceOf } from './source-text.ts';

/** Where each object and list inside of a decoded one stands in its text. */
interface PartSpans {
  readonly text: string;
  /** First character and the one behind the last. */
  readonly spans: ReadonlyMap<object, readonly [start: number, end: number]>;
}

const known = hiddenField<PartSpans>();
const utf8 = new TextDecoder();

/**
 * The text of an object or list that stands inside of a decoded one, as it came: `10.00`, its spaces, its escapes. Undefined for what
 * is no part of it. The text is gone through once, when the first part is asked for.
 */
export function partText(root: object, part: object): string | undefined {
  const bytes = sourceOf(root);
  if (!bytes) return undefined;
  let parts = known.get(root);
  if (!parts) {
    const text = utf8.decode(bytes);
    parts = { text, spans: new SpanReader(text).read(root) };
    known.set(root, parts);
  }
  const span = parts.spans.get(part);
  return span && parts.text.slice(span[0], span[1]);
}

const quote = 0x22;
const backslash = 0x5c;
const plus = 0x2b;
const comma = 0x2c;
const beginOfList = 0x5b;
const endOfList = 0x5d;
const beginOfObject = 0x7b;
const endOfObject = 0x7d;

/** Goes through JSON that was parsed before, so it is well-formed, beside the data that it became. */
class SpanReader {
  readonly #text: string;
  readonly #spans = new Map<object, readonly [number, number]>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(root: object): ReadonlyMap<object, readonly [number, number]> {
    this.#value(root);
    return this.#spans;
  }

  /** `data` is undefined, or something else, where the name comes twice and its last value is another one: that one is read later. */
  #value(data: unknown): void {
    const first = this.#skipSpace();
    if (first === quote) {
      this.#skipQuoted();
      return;
    }
    const start = this.#at;
    if (first === beginOfObject) this.#object(data);
    else if (first === beginOfList) this.#list(data);
    else {
      this.#skipPlain();
      return;
    }
    if (typeof data === 'object' && data !== null) this.#spans.set(data, [start, this.#at]);
  }

  #object(data: unknown): void {
    this.#at++;
    const fields = isFields(data) ? data : undefined;
    while (this.#skipSpace() !== endOfObject) {
      const nameAt = this.#at;
      this.#skipQuoted();
      const nameEnd = this.#at;
      this.#skipSpace();
      this.#at++;
      const first = this.#skipSpace();
      const isPart = fields && (first === beginOfObject || first === beginOfList);
      this.#value(isPart ? fieldOf(fields, this.#text.slice(nameAt, nameEnd)) : undefined);
      if (this.#skipSpace() === comma) this.#at++;
    }
    this.#at++;
  }

  #list(data: unknown): void {
    this.#at++;
    const items: readonly unknown[] = Array.isArray(data) ? data : [];
    for (let index = 0; this.#skipSpace() !== endOfList; index++) {
      this.#value(items[index]);
      if (this.#skipSpace() === comma) this.#at++;
    }
    this.#at++;
  }

  /** Gives the code of the character that comes next. */
  #skipSpace(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = this.#text.charCodeAt(++this.#at);
    return code;
  }

  #skipQuoted(): void {
    let end = this.#text.indexOf('"', this.#at + 1);
    while (this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    this.#at = end + 1;
  }

  #isEscaped(at: number): boolean {
    let before = at - 1;
    while (this.#text.charCodeAt(before) === backslash) before--;
    return (at - before) % 2 === 0;
  }

  /** Over a number, true, false or null. */
  #skipPlain(): void {
    // Of what may stand behind them only the closing brackets come after the plus in the order of characters.
    let code = this.#text.charCodeAt(this.#at);
    while (code >= plus && code !== comma && code !== endOfList && code !== endOfObject)
      code = this.#text.charCodeAt(++this.#at);
  }
}

function isFields(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function fieldOf(fields: Readonly<Record<string, unknown>>, quoted: string): unknown {
  const name = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
