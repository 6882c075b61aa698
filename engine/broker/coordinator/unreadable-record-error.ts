import { MillraceError } from '../../base/errors.ts';

/** A record that is stored cannot be read back. The same bytes will not do better at the next try. */
export class UnreadableRecordError extends MillraceError {
  override readonly name = 'UnreadableRecordError';

  constructor(offset: number, cause: unknown) {
    const found = cause instanceof Error ? cause.message : String(cause);
    super('COORDINATOR_RECORD_UNREADABLE', `expected a record at offset ${offset}, found: ${found}`, {
      cause,
      details: { offset },
    });
  }
}
