import { MillraceError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';

/** Reads values of client properties. Throws CLIENT_PROPERTY_INVALID for what they cannot be; secrets are never shown. */
export class PropertyReader {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** The text, or undefined when there is none or nothing in it. */
  text(name: string): string | undefined {
    const text = this.#values.get(name)?.trim();
    return text === '' ? undefined : text;
  }

  /** Whether it was given, be it empty. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  needed(name: string, why: string): string {
    return this.text(name) ?? this.refuse(name, `a value, as ${why}`, 'none');
  }

  number(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max
      ? number
      : this.refuse(name, `a whole number from ${min} to ${max}`, `"${text}"`);
  }

  /** One of `values`, in any case of letters. */
  choice<T extends string>(name: string, values: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
    return found ?? this.refuse(name, `one of ${values.join(', ')}`, `"${text}"${didYouMean(text, values)}`);
  }

  flag(name: string): boolean | undefined {
    const choice = this.choice(name, ['true', 'false']);
    return choice === undefined ? undefined : choice === 'true';
  }

  refuse(name: string, expected: string, found: string): never {
    throw new MillraceError('CLIENT_PROPERTY_INVALID', `expected ${expected} for ${name}, found ${found}`);
  }
}
