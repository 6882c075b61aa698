import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts';
import type { GroupTopics } from '../consumer/group-topics.ts';
import type { Committer, OffsetToCommit } from './commit.ts';

/** First version of OffsetCommit that knows of member epochs. */
const memberEpochMin = 9;

/**
 * What speaks against each commit to a group of the consumer protocol: NONE, nothing. A member may be behind with its epoch as long as
 * it has had the partition since then without a break (KIP-1251).
 */
export function checkConsumerCommits(
  group: ConsumerGroup,
  committer: Committer & { readonly isTransactional?: boolean },
  offsets: readonly OffsetToCommit[],
  topics: GroupTopics,
): readonly ErrorCode[] {
  const { memberId, groupInstanceId, generationId, apiVersion = memberEpochMin, isTransactional = false } = committer;
  const all = (code: ErrorCode): readonly ErrorCode[] => offsets.map(() => code);
  if (generationId < 0 && group.members.size === 0) return all(errorCode.NONE);
  if (isTransactional && generationId === -1 && memberId === '' && groupInstanceId === null) return all(errorCode.NONE);
  const member = group.members.get(memberId);
  if (!member) return all(errorCode.UNKNOWN_MEMBER_ID);
  if (!isTransactional && !member.classic && apiVersion < memberEpochMin) return all(errorCode.UNSUPPORTED_VERSION);
  if (generationId === member.epoch) return all(errorCode.NONE);
  if (generationId > member.epoch) return all(staleCode(member));
  return offsets.map(({ topic, partition }) => {
    const topicId = topics.topics.get(topic)?.id ?? '';
    const since = member.owned.get(topicId)?.get(partition) ?? member.revoking.get(topicId)?.get(partition);
    return since !== undefined && since <= generationId ? errorCode.NONE : staleCode(member);
  });
}

function staleCode({ classic }: ConsumerMember): ErrorCode {
  return classic ? errorCode.ILLEGAL_GENERATION : errorCode.STALE_MEMBER_EPOCH;
}

/** Who asks for committed offsets (OffsetFetch 9+). */
export interface Reader {
  readonly memberId: string | null;
  readonly memberEpoch: number;
}

/**
 * Why a member may not be told of offsets: it is none, or of another epoch. Who says nothing of a membership may, and there is
 * nothing to be told of a group that is not there.
 */
export function checkReader({ memberId, memberEpoch }: Reader, group: ConsumerGroup | undefined): ErrorCode {
  if (!group || (memberId === null && memberEpoch < 0)) return errorCode.NONE;
  const member = group.members.get(memberId ?? '');
  if (!member) return errorCode.UNKNOWN_MEMBER_ID;
  return memberEpoch === member.epoch ? errorCode.NONE : staleCode(member);
}
