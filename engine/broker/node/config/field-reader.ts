/**
 * Reads fields of plain data (parsed JSON) and collects every problem instead of stopping at the first.
 * Hand-made, as a schema library would cost a broker process a third of its start-up time.
 */
export class FieldReader {
  readonly problems: string[];
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(data: unknown, path = '', problems: string[] = []) {
    this.problems = problems;
    this.#path = path;
    const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
    if (!isObject) problems.push(`expected an object for ${path || 'the file'}, found ${JSON.stringify(data)}`);
    this.#fields = isObject ? (data as Record<string, unknown>) : {};
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  /** Refuses fields outside `known`: a misspelt one must not be ignored. */
  only(known: readonly string[]): void {
    for (const name of Object.keys(this.#fields))
      if (!known.includes(name)) this.problems.push(`expected one of ${known.join(', ')}, found ${this.#name(name)}`);
  }

  text(name: string, pattern = /./, form = 'a text'): string {
    const value = this.#fields[name];
    return typeof value === 'string' && pattern.test(value) ? value : this.#refuse(name, form, '');
  }

  wholeNumber(name: string, min: number, max: number): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.#refuse(name, `a whole number from ${min} to ${max}`, min);
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name] ?? [];
    const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isTexts ? (value as string[]) : this.#refuse(name, 'a list of texts', []);
  }

  /** Texts, numbers and booleans by name, all as text. */
  textMap(name: string): ReadonlyMap<string, string> {
    const value = this.#fields[name] ?? {};
    if (typeof value !== 'object' || value === null) return this.#refuse(name, 'an object', new Map());
    return new Map(Object.entries(value).map(([key, item]) => [key, String(item)]));
  }

  object(name: string): FieldReader {
    return new FieldReader(this.#fields[name], this.#name(name), this.problems);
  }

  list(name: string, countMax: number): readonly FieldReader[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length === 0 || value.length > countMax)
      return this.#refuse(name, `a list of 1 to ${countMax}`, []);
    return value.map((item, index) => new FieldReader(item, `${this.#name(name)}[${index}]`, this.problems));
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #refuse<T>(name: string, form: string, instead: T): T {
    this.problems.push(`expected ${form} for ${this.#name(name)}, found ${JSON.stringify(this.#fields[name])}`);
    return instead;
  }
}
