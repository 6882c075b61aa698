/** Characters of one value or one row at most; longer ones are a missing quote. */
const rowCharactersMax = 16_777_216;

/**
 * Reads CSV (RFC 4180) piece by piece: values in double quotes may hold delimiters, line breaks and doubled quotes; rows end
 * with LF or CRLF. Empty lines are passed over.
 */
export class CsvParser {
  readonly #delimiter: string;
  #row: string[] = [];
  #value = '';
  #state: 'start' | 'plain' | 'quoted' | 'after-quote' = 'start';
  #rowCharacters = 0;
  #line = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The rows that this piece of text completes. Throws an Error that names the line of a fault. */
  push(text: string): string[][] {
    const rows: string[][] = [];
    for (const char of text) {
      if (char === '\n') this.#line++;
      this.#rowCharacters++;
      if (this.#rowCharacters > rowCharactersMax)
        throw new Error(
          `line ${this.#line}: expected a row of at most ${rowCharactersMax} characters; a quote may be missing`,
        );
      this.#take(char, rows);
    }
    return rows;
  }

  /** The last row, where the text does not end in a line break. */
  end(): string[][] {
    const rows: string[][] = [];
    if (this.#state === 'quoted')
      throw new Error(`line ${this.#line}: expected a closing quote, but found the end of the file`);
    this.#endRow(rows);
    return rows;
  }

  #take(char: string, rows: string[][]): void {
    if (this.#state === 'quoted') {
      if (char === '"') this.#state = 'after-quote';
      else this.#value += char;
    } else if (char === '"' && this.#state === 'after-quote') {
      this.#value += char;
      this.#state = 'quoted';
    } else if (char === '"' && this.#state === 'start') this.#state = 'quoted';
    else if (char === this.#delimiter) this.#endValue();
    else if (char === '\n') this.#endRow(rows);
    else if (char === '\r' && this.#state !== 'plain') return;
    else this.#takePlain(char);
  }

  #takePlain(char: string): void {
    if (this.#state === 'after-quote')
      throw new Error(
        `line ${this.#line}: expected a delimiter behind a closing quote, but found ${JSON.stringify(char)}`,
      );
    this.#state = 'plain';
    this.#value += char;
  }

  #endValue(): void {
    this.#row.push(this.#value);
    this.#value = '';
    this.#state = 'start';
  }

  #endRow(rows: string[][]): void {
    if (this.#state === 'plain') this.#value = this.#value.replace(/\r$/, '');
    const isEmptyLine = !this.#row.length && this.#value === '' && this.#state !== 'after-quote';
    this.#endValue();
    if (!isEmptyLine) rows.push(this.#row);
    this.#row = [];
    this.#rowCharacters = 0;
  }
}
