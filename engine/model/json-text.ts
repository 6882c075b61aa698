import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { JsonValue } from './json-value.ts';

/** Where in a text JSON breaks, and why. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A parsed JSON text that knows where each value began. */
export interface JsonDocument {
  readonly value: JsonValue;
  /** Line and column of the value at a path such as `['activities', 'receive']`; of its nearest known parent otherwise. */
  locate(path: readonly PropertyKey[]): { readonly line: number; readonly column: number };
}

/** Objects and arrays inside each other; deeper texts are refused. */
const depthMax = 200;

/**
 * Parses strict JSON (RFC 8259) and, unlike JSON.parse, says where it breaks and refuses a name that stands twice in an
 * object: that is how two activities with the same id show up after a merge.
 */
export function parseJson(text: string): Result<JsonDocument, JsonFault> {
  const reader = new JsonReader(text);
  try {
    const value = reader.document();
    return ok({ value, locate: (path) => lineAndColumn(text, reader.offsetOf(path)) });
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntax)) throw thrown;
    return refused({ ...lineAndColumn(text, thrown.offset), message: thrown.message });
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}

class JsonSyntax extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

class JsonReader {
  readonly #text: string;
  readonly #offsets = new Map<string, number>();
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  }

  offsetOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsets.get(pathKey(path.slice(0, length).map(String)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  document(): JsonValue {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail(`expected the end of the file, but found ${this.#found()}`);
    return value;
  }

  #value(): JsonValue {
    this.#space();
    this.#offsets.set(pathKey(this.#path), this.#at);
    const char = this.#text[this.#at];
    if (char === '{') return this.#object();
    if (char === '[') return this.#array();
    if (char === '"') return this.#string();
    return this.#scalar();
  }

  #object(): JsonValue {
    const object: Record<string, JsonValue> = {};
    const names = new Set<string>();
    this.#items('}', () => {
      this.#space();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail(`expected a name in double quotes, but found ${this.#found()}`);
      const name = this.#string();
      if (names.has(name))
        this.#fail(`expected each name once in an object, but found ${JSON.stringify(name)} again`, start);
      names.add(name);
      this.#space();
      this.#expect(':');
      this.#path.push(name);
      Object.defineProperty(object, name, {
        value: this.#value(),
        enumerable: true,
        writable: true,
        configurable: true,
      });
      this.#path.pop();
    });
    return object;
  }

  #array(): JsonValue {
    const array: JsonValue[] = [];
    this.#items(']', () => {
      this.#path.push(String(array.length));
      array.push(this.#value());
      this.#path.pop();
    });
    return array;
  }

  #items(end: '}' | ']', item: () => void): void {
    if (this.#path.length >= depthMax) this.#fail(`expected at most ${depthMax} levels, but found more`);
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#space();
      if (this.#text[this.#at] === end) break;
      this.#expect(',', `expected "," or "${end}"`);
    }
    this.#at++;
  }

  #string(): string {
    const start = this.#at;
    const pattern = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
    pattern.lastIndex = start;
    const match = pattern.exec(this.#text);
    this.#at = match ? pattern.lastIndex : start;
    return this.#decode(
      match?.[0] ?? '',
      start,
      'expected a text that ends in double quotes on the same line',
    ) as string;
  }

  #scalar(): JsonValue {
    const pattern = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail(`expected a value, but found ${this.#found()}`);
    this.#at = pattern.lastIndex;
    return JSON.parse(match![0]) as JsonValue;
  }

  /** Lets JSON.parse judge escapes and control characters of one text. */
  #decode(literal: string, offset: number, message: string): JsonValue {
    try {
      return JSON.parse(literal) as JsonValue;
    } catch {
      return this.#fail(message, offset);
    }
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #expect(char: string, wanted = `expected "${char}"`): void {
    if (this.#text[this.#at] !== char) this.#fail(`${wanted}, but found ${this.#found()}`);
    this.#at++;
  }

  #found(): string {
    const rest = this.#text.slice(this.#at);
    if (!rest) return 'the end of the file';
    if (/^(<{7}|={7}|>{7})/.test(rest)) return 'a mark of an unfinished merge';
    return JSON.stringify(/^(?:\w+|.)/su.exec(rest)![0].slice(0, 20));
  }

  #fail(message: string, offset = this.#at): never {
    throw new JsonSyntax(offset, message);
  }
}

function pathKey(path: readonly string[]): string {
  return path.join('\u0000');
}
