import { Assembler } from 'stream-json/assembler.js';
import type { Token } from 'stream-json/parser.js';
import type { ArrayPath } from './array-path.ts';
import { parseJsonNumber } from './parse-json.ts';

/** An object or array around the place where we are. */
interface Frame {
  /** Names of the path that lead to it; undefined when it lies elsewhere. */
  readonly taken: number | undefined;
  /** Number of the next element; undefined in an object. */
  index: number | undefined;
}

/** Takes the elements of one array out of the tokens of a document. What is not in that array is passed over. */
export class ArrayElements {
  readonly #path: ArrayPath;
  readonly #frames: Frame[] = [];
  readonly #assembler = new Assembler();
  #key = '';
  #state: 'before' | 'within' | 'after' = 'before';
  #found = 'nothing';

  constructor(path: ArrayPath) {
    this.#path = path;
  }

  get isFound(): boolean {
    return this.#state !== 'before';
  }

  /** What stands at the path in place of an array. */
  get found(): string {
    return this.#found;
  }

  /** The elements that these tokens complete. */
  take(tokens: readonly Token[]): unknown[] {
    const elements: unknown[] = [];
    for (const token of tokens) {
      if (this.#state === 'within') this.#collect(token, elements);
      else if (this.#state === 'before') this.#seek(token);
    }
    return elements;
  }

  #collect(token: Token, elements: unknown[]): void {
    const assembler = this.#assembler;
    if (token.name === 'endArray' && assembler.done) this.#state = 'after';
    else {
      // `stringValue` stores a value as it is, so that a number can be more than a double.
      if (token.name === 'numberValue') assembler.stringValue(parseJsonNumber(token.value) as string);
      else assembler.consume(token);
      if (assembler.done) elements.push(assembler.current);
    }
  }

  #seek(token: Token): void {
    const { name } = token;
    if (name === 'keyValue') this.#key = token.value;
    else if (name === 'endObject' || name === 'endArray') this.#frames.pop();
    else {
      const taken = this.#takenOfNext();
      if (taken === this.#path.length) {
        if (name === 'startArray') {
          this.#state = 'within';
          return;
        }
        this.#found = kinds[name] ?? 'nothing';
      }
      if (name === 'startObject') this.#frames.push({ taken, index: undefined });
      else if (name === 'startArray') this.#frames.push({ taken, index: 0 });
    }
  }

  /** How far along the path the value is that begins here. */
  #takenOfNext(): number | undefined {
    const parent = this.#frames.at(-1);
    if (!parent) return 0;
    const key = parent.index === undefined ? this.#key : String(parent.index++);
    return parent.taken === undefined ? undefined : this.#path.follow(parent.taken, key);
  }
}

const kinds: Readonly<Record<string, string>> = {
  startObject: 'object',
  stringValue: 'string',
  numberValue: 'number',
  trueValue: 'boolean',
  falseValue: 'boolean',
  nullValue: 'null',
};
