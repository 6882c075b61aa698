import { AssertionError } from '../base/assert.ts';
import { MillraceError, messageOf } from '../base/errors.ts';
import type { RecordPlace } from '../spi/record-place.ts';
import type { JobError } from '../spi/runtime.ts';
import type { Failure } from './run-contract.ts';

/** What an activity threw, as data. A MillraceError keeps its code, a bug of ours is INTERNAL_ERROR, anything else ACTIVITY_FAILED. */
export function toJobError(thrown: unknown, activity: string): JobError {
  if (thrown instanceof MillraceError) {
    const { code, message, retriable, details } = thrown;
    return { code, message, activity, retriable, details };
  }
  const code = thrown instanceof AssertionError ? 'INTERNAL_ERROR' : 'ACTIVITY_FAILED';
  return { code, message: messageOf(thrown), activity, retriable: false };
}

/** The same for the history and for people: it belongs to the starter when it was the record that could not be read. */
export function toFailure({ code, message, activity, process, details, transition, source }: JobError): Failure {
  return {
    ...{ code, message, activity: source ?? activity },
    ...(process === undefined ? {} : { process }),
    ...(transition === undefined ? {} : { transition }),
    ...(source === undefined || source === activity ? {} : { readBy: activity }),
    ...(details && Object.keys(details).length ? { details } : {}),
  };
}

/** A failure that belongs to no activity, or to the starter. Its record is what the error names as `details.record`. */
export function failureOf(thrown: unknown, activity: string | null = null): Failure {
  const { code, message, details } = toJobError(thrown, '');
  const record = details?.record as RecordPlace | undefined;
  return {
    ...{ code, message, activity },
    ...(record ? { record } : {}),
    ...(details && Object.keys(details).length ? { details } : {}),
  };
}
