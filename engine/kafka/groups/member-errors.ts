import type { MillraceError } from '../../base/errors.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';

/** Errors that no further try of a member mends, whatever the protocol of its group. */
export const fatalForAll: readonly ErrorCode[] = [
  errorCode.FENCED_INSTANCE_ID,
  errorCode.GROUP_AUTHORIZATION_FAILED,
  errorCode.TOPIC_AUTHORIZATION_FAILED,
  errorCode.INVALID_GROUP_ID,
  errorCode.GROUP_MAX_SIZE_REACHED,
  errorCode.UNSUPPORTED_VERSION,
];

/** The coordinator of a member with an epoch does not know it any more. */
export const lostErrors: ReadonlySet<number> = new Set<ErrorCode>([
  errorCode.UNKNOWN_MEMBER_ID,
  errorCode.FENCED_MEMBER_EPOCH,
]);

/** The group has another coordinator, or none. */
export const elsewhereErrors: ReadonlySet<number> = new Set<ErrorCode>([
  errorCode.NOT_COORDINATOR,
  errorCode.COORDINATOR_NOT_AVAILABLE,
]);

/** Whether time may mend what a request of a member came to. */
export function mayMend(error: MillraceError): boolean {
  return error.retriable || error.code === 'KAFKA_UNKNOWN_SERVER_ERROR';
}
