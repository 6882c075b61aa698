/** What is wrong with the text of a file, and where; the reader adds the file's name and makes it FILE_FORMAT. */
export class TextFault extends Error {
  override readonly name = 'TextFault';
  /** From 1; undefined when it is the file as a whole. */
  readonly line: number | undefined;
  /** From 1: a character of the line, or a value of the row. */
  readonly column: number | undefined;

  constructor(message: string, line?: number, column?: number, cause?: unknown) {
    super(message, { cause });
    this.line = line;
    this.column = column;
  }

  /** `line 3, column 7`; empty for the file as a whole. */
  get place(): string {
    if (this.line === undefined) return '';
    return `line ${this.line}${this.column === undefined ? '' : `, column ${this.column}`}`;
  }
}

/** A record that cannot be read, among others that can. */
export class BadRecord extends TextFault {
  /** Its text, as far as it was read; empty when nobody asked for it. */
  readonly text: string;

  constructor(message: string, line: number, column: number | undefined, text: string, cause?: unknown) {
    super(message, line, column, cause);
    this.text = text;
  }
}
