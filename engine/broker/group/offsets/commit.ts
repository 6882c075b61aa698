import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Int64 } from '../../../protocol/int64.ts';
import type { SignOfLife } from '../classic/heartbeat.ts';
import { memberOfGeneration } from '../classic/member-check.ts';
import type { Round } from '../classic/round.ts';
import type { GroupLimits } from '../group-limits.ts';
import type { OffsetRecord } from '../group-records.ts';

/** Who commits. Generation -1 without a member id is a consumer that uses the group for its offsets alone. */
export interface Committer {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
  /** How a group that does not exist is told to one who names a generation of it: by version of the request. */
  readonly missingGroup: ErrorCode;
  /** Version of OffsetCommit: older ones know nothing of member epochs. */
  readonly apiVersion?: number;
}

/** An offset to commit. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: Int64;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** What a commit asks for: a code for each offset, NONE where its record is to be written, and those records in order. */
export interface CommitPlan {
  readonly codes: readonly ErrorCode[];
  readonly records: readonly OffsetRecord[];
}

/** Whether the group takes a commit of this client now. Counts as a sign of life of the member. */
export function checkCommitter(round: Round, committer: Committer): SignOfLife {
  const refuse = (code: ErrorCode): SignOfLife => ({ errorCode: code, heard: undefined });
  if (round.phase === 'Dead') return refuse(errorCode.COORDINATOR_NOT_AVAILABLE);
  if (committer.generationId < 0 && round.phase === 'Empty') return refuse(errorCode.NONE);
  if (committer.generationId < 0 && committer.memberId === '' && committer.groupInstanceId === null)
    return refuse(errorCode.UNKNOWN_MEMBER_ID);
  const found = memberOfGeneration(round, committer, committer.generationId);
  if ('refusal' in found) return refuse(found.refusal);
  if (round.phase === 'CompletingRebalance') return refuse(errorCode.REBALANCE_IN_PROGRESS);
  return { errorCode: errorCode.NONE, heard: found.member };
}

/**
 * Whether the group takes offsets in a transaction of this client now (KIP-447). A producer that names no member may be any. A
 * rebalance is no reason to refuse: the transaction decides whether the offsets count.
 */
export function checkTransactionalCommitter(round: Round, committer: Committer): ErrorCode {
  const { memberId, groupInstanceId, generationId } = committer;
  if (round.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (generationId < 0 && (round.phase === 'Empty' || (memberId === '' && groupInstanceId === null)))
    return errorCode.NONE;
  const found = memberOfGeneration(round, committer, generationId);
  return 'refusal' in found ? found.refusal : errorCode.NONE;
}

/** What a commit is planned by besides its offsets. */
export interface CommitContext {
  readonly limits: GroupLimits;
  readonly nowMs: number;
  /** What speaks against each offset, by its place among them. */
  readonly refusals?: readonly ErrorCode[];
}

/** The records of a commit that is taken; metadata that is too long is refused on its row. */
export function planCommit(
  groupId: string,
  offsets: readonly OffsetToCommit[],
  { limits, nowMs, refusals = [] }: CommitContext,
): CommitPlan {
  const codes: ErrorCode[] = [];
  const records: OffsetRecord[] = [];
  for (const [index, { topic, partition, offset, leaderEpoch, metadata }] of offsets.entries()) {
    const isTooLarge = Buffer.byteLength(metadata ?? '') > limits.metadataBytesMax;
    const code = refusals[index] || (isTooLarge ? errorCode.OFFSET_METADATA_TOO_LARGE : errorCode.NONE);
    codes.push(code);
    if (code !== errorCode.NONE) continue;
    const committed = { offset, leaderEpoch, metadata: metadata ?? '', commitTimestampMs: nowMs };
    records.push({ kind: 'offset', place: { groupId, topic, partition }, committed });
  }
  return { codes, records };
}
