import { errorCode } from '../../protocol/error-codes.ts';

/** Errors of a row that say that this broker no longer (or not yet) leads the partition: new metadata will help. */
export const leadershipErrors: ReadonlySet<number> = new Set<number>([
  errorCode.NOT_LEADER_OR_FOLLOWER,
  errorCode.LEADER_NOT_AVAILABLE,
  errorCode.REPLICA_NOT_AVAILABLE,
  errorCode.FENCED_LEADER_EPOCH,
  errorCode.UNKNOWN_LEADER_EPOCH,
  errorCode.KAFKA_STORAGE_ERROR,
  errorCode.OFFSET_NOT_AVAILABLE,
]);

/** Errors of a row that say that the topic is not there, or is another one of the same name. */
export const topicErrors: ReadonlySet<number> = new Set<number>([
  errorCode.UNKNOWN_TOPIC_OR_PARTITION,
  errorCode.UNKNOWN_TOPIC_ID,
  errorCode.INCONSISTENT_TOPIC_ID,
]);

/** Errors of a whole fetch that say that the broker has lost its session: the next fetch says everything. */
export const sessionErrors: ReadonlySet<number> = new Set<number>([
  errorCode.FETCH_SESSION_ID_NOT_FOUND,
  errorCode.INVALID_FETCH_SESSION_EPOCH,
  errorCode.FETCH_SESSION_TOPIC_ID_ERROR,
]);
