import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';

/** How a failed write to a coordinator's topic looks to its client: go elsewhere, or try again. */
export function asCoordinatorError(code: ErrorCode): ErrorCode {
  switch (code) {
    case errorCode.NOT_LEADER_OR_FOLLOWER:
    case errorCode.KAFKA_STORAGE_ERROR:
    case errorCode.FENCED_LEADER_EPOCH:
      return errorCode.NOT_COORDINATOR;
    case errorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCode.NOT_ENOUGH_REPLICAS:
    case errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case errorCode.REQUEST_TIMED_OUT:
      return errorCode.COORDINATOR_NOT_AVAILABLE;
    case errorCode.MESSAGE_TOO_LARGE:
    case errorCode.RECORD_LIST_TOO_LARGE:
      return errorCode.INVALID_COMMIT_OFFSET_SIZE;
    default:
      return code;
  }
}
