/** What was wrong with the bytes; stable, so callers and tests may branch on it. */
export type DecodeErrorCode =
  | 'truncated'
  | 'invalid-length'
  | 'invalid-varint'
  | 'invalid-tag'
  | 'null-not-allowed'
  | 'int64-out-of-range'
  | 'too-many-elements'
  | 'unsupported-version'
  | 'frame-too-large'
  | 'frame-size-negative';

/**
 * Bytes from a peer or from disk that are not a valid message. Never a bug of the reader, never worth a retry with the
 * same bytes. `path` names the field (`topics[3].partitions[0].fetchOffset`), `offset` is a byte position in the buffer.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly retriable = false;
  readonly code: DecodeErrorCode;
  readonly detail: string;
  readonly offset: number;
  path = '';
  #subject = '';

  constructor(code: DecodeErrorCode, detail: string, offset: number) {
    super(`${detail} at byte ${offset}`);
    this.code = code;
    this.detail = detail;
    this.offset = offset;
  }

  /** Called while the error climbs out of nested fields: puts `step` (a name or `[index]`) in front of the path. */
  within(step: string): this {
    const joint = this.path === '' || this.path.startsWith('[') ? '' : '.';
    this.path = step + joint + this.path;
    this.#describe();
    return this;
  }

  /** Names the message, e.g. `FetchRequest v12`; set once by the codec. */
  inMessage(subject: string): this {
    this.#subject = subject;
    this.#describe();
    return this;
  }

  #describe(): void {
    const place = [this.#subject, this.path].filter((part) => part !== '').join(' ');
    this.message = `${place}: ${this.detail} at byte ${this.offset}`;
  }
}

/** For the `catch` of a nested reader: adds the step to a DecodeError and hands anything else (a bug) on unchanged. */
export function locate(error: unknown, step: string): unknown {
  return error instanceof DecodeError ? error.within(step) : error;
}
