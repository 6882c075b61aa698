import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Group, GroupLimits } from './group.ts';
import { refreshSession } from './group.ts';
import { memberOfGeneration } from './member-check.ts';

/** Who commits. Generation -1 without a member id is a consumer that uses the group for its offsets alone. */
export interface Committer {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
  /** How a group that does not exist is told to one who names a generation of it: by version of the request. */
  readonly missingGroup: ErrorCode;
}

/** Whether the group takes a commit of this client now: NONE, or why not. Counts as a sign of life of the member. */
export function checkCommitter(group: Group, committer: Committer, nowMs: number): ErrorCode {
  if (group.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (committer.generationId < 0 && group.phase === 'Empty') return errorCode.NONE;
  if (committer.generationId >= 0 || committer.memberId !== '' || committer.groupInstanceId !== null) {
    const found = memberOfGeneration(group, committer, committer.generationId);
    if ('refusal' in found) return found.refusal;
    if (group.phase === 'CompletingRebalance') return errorCode.REBALANCE_IN_PROGRESS;
    refreshSession(found.member, nowMs);
    return errorCode.NONE;
  }
  return errorCode.UNKNOWN_MEMBER_ID;
}

/** Whether the metadata of a commit fits: NONE or OFFSET_METADATA_TOO_LARGE. */
export function checkCommitMetadata(metadata: string | null, limits: GroupLimits): ErrorCode {
  return Buffer.byteLength(metadata ?? '') > limits.metadataBytesMax
    ? errorCode.OFFSET_METADATA_TOO_LARGE
    : errorCode.NONE;
}
