/** What a MillraceError carries besides its message. */
export interface ErrorDetails {
  /** Whether the same call may succeed later without a change by the user. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
  /** Plain data for the reader of the error: the file, the field, the broker. No secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A failure of the environment or of the user's input: a file that cannot be read, a broker that does not answer.
 * `code` is stable (`KAFKA_CONNECT_FAILED`); the message says what was expected, for which thing, and what was found.
 */
export class MillraceError extends Error {
  override readonly name: string = 'MillraceError';
  readonly code: string;
  readonly retriable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, { retriable = false, cause, details = {} }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retriable = retriable;
    this.details = details;
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
