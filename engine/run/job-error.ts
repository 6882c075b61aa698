import { MillraceError, messageOf } from '../base/errors.ts';
import type { JobError } from '../spi/runtime.ts';
import type { Failure } from './run-types.ts';

/** What an activity threw, as data. A MillraceError keeps its code; anything else is ACTIVITY_FAILED. */
export function toJobError(thrown: unknown, activity: string): JobError {
  if (thrown instanceof MillraceError) {
    const { code, message, retriable, details } = thrown;
    return { code, message, activity, retriable, details };
  }
  return { code: 'ACTIVITY_FAILED', message: messageOf(thrown), activity, retriable: false };
}

/** The same for the history. */
export function toFailure({ code, message, activity, details }: JobError): Failure {
  return { code, message, activity, ...(details && Object.keys(details).length ? { details } : {}) };
}

/** A failure that belongs to no activity. */
export function failureOf(thrown: unknown, activity: string | null = null): Failure {
  const { code, message, details } = toJobError(thrown, '');
  return { code, message, activity, ...(details && Object.keys(details).length ? { details } : {}) };
}
