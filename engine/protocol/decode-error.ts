import { MillraceError } from '../base/errors.ts';

/** What was wrong with the bytes; stable, so callers and tests may branch on it. */
export type DecodeErrorCode =
  | 'TRUNCATED'
  | 'INVALID_LENGTH'
  | 'INVALID_VARINT'
  | 'INVALID_TAG'
  | 'INVALID_VALUE'
  | 'NULL_NOT_ALLOWED'
  | 'INT64_OUT_OF_RANGE'
  | 'TOO_MANY_ELEMENTS'
  | 'UNSUPPORTED_VERSION'
  | 'FRAME_TOO_LARGE'
  | 'FRAME_SIZE_NEGATIVE';

/**
 * Bytes from a peer or from disk that are not a valid message. Never a bug of the reader, never worth a retry with the
 * same bytes. `path` names the field (`topics[3].partitions[0].fetchOffset`), `offset` is a byte position in the buffer.
 */
export class DecodeError extends MillraceError {
  override readonly name = 'DecodeError';
  declare readonly code: DecodeErrorCode;
  readonly detail: string;
  readonly offset: number;
  path = '';
  #subject = '';

  constructor(code: DecodeErrorCode, detail: string, offset: number) {
    super(code, `${detail} at byte ${offset}`);
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
