import { errorCode } from '../../../protocol/error-codes.ts';

/**
 * What follows from the controller's answer to a proposed in-sync set.
 * - `committed`: the answer carries the new set and partition epoch.
 * - `drop`: the controller looked and changed nothing; the committed set stands.
 * - `await-metadata`: the metadata here is old, or an earlier try went through; the pending set stays, so that the high
 *   watermark keeps both promises, until newer metadata arrives (KIP-497).
 * - `retry`: nobody decided.
 */
export type IsrChangeOutcome = 'committed' | 'drop' | 'await-metadata' | 'retry';

const outcomes: ReadonlyMap<number, IsrChangeOutcome> = new Map<number, IsrChangeOutcome>([
  [errorCode.NONE, 'committed'],
  [errorCode.INELIGIBLE_REPLICA, 'drop'],
  [errorCode.OPERATION_NOT_ATTEMPTED, 'drop'],
  [errorCode.INVALID_UPDATE_VERSION, 'await-metadata'],
  [errorCode.FENCED_LEADER_EPOCH, 'await-metadata'],
  [errorCode.NEW_LEADER_ELECTED, 'await-metadata'],
  [errorCode.INVALID_REQUEST, 'await-metadata'],
  [errorCode.UNKNOWN_TOPIC_ID, 'await-metadata'],
  [errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'await-metadata'],
]);

/** Decides on a partition's row, or on the code of a whole response (NOT_CONTROLLER, STALE_BROKER_EPOCH: retry). */
export function isrChangeOutcome(code: number): IsrChangeOutcome {
  return outcomes.get(code) ?? 'retry';
}
