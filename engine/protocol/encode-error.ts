/**
 * A value that its schema cannot carry: null where the version has no null, a number out of range, a version that the
 * schema does not have. It is always a bug of the caller, never the peer's doing.
 */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
  readonly code = 'NOT_ENCODABLE';
  readonly retriable = false;
  readonly detail: string;
  path = '';

  constructor(detail: string) {
    super(detail);
    this.detail = detail;
  }

  /** Puts `step` (a field name or `[index]`) in front of the path. */
  within(step: string): this {
    const joint = this.path === '' || this.path.startsWith('[') ? '' : '.';
    this.path = step + joint + this.path;
    this.message = `${this.path}: ${this.detail}`;
    return this;
  }
}

/** For the `catch` of a nested writer: a TypeError from a value of the wrong shape becomes an EncodeError with its path. */
export function locateEncode(error: unknown, step: string): EncodeError {
  if (error instanceof EncodeError) return error.within(step);
  return new EncodeError(error instanceof Error ? error.message : String(error)).within(step);
}
