import { errorCode } from '../../../protocol/error-codes.ts';
import type { ConsumerGroup, ConsumerMember } from './consumer-group.ts';
import { joiningEpoch } from './consumer-group.ts';
import { Refusal } from './draft.ts';
import type { ReportedPartitions } from './reconcile.ts';

/** Who says it is a member. */
export interface ConsumerClaim {
  readonly memberId: string;
  readonly instanceId: string | null;
}

/** The member that a claim names; UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID when another one has its place. */
export function memberOf(groupId: string, group: ConsumerGroup, claim: ConsumerClaim): ConsumerMember | Refusal {
  const { memberId, instanceId } = claim;
  if (instanceId === null) {
    const member = group.members.get(memberId);
    return (
      member ?? new Refusal(errorCode.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`)
    );
  }
  const member = staticMemberOf(group, instanceId);
  if (!member) return new Refusal(errorCode.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`);
  if (member.memberId === memberId) return member;
  const text = `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`;
  return new Refusal(errorCode.FENCED_INSTANCE_ID, text);
}

export function staticMemberOf(group: ConsumerGroup, instanceId: string | null): ConsumerMember | undefined {
  const memberId = instanceId === null ? undefined : group.staticMembers.get(instanceId);
  return memberId === undefined ? undefined : group.members.get(memberId);
}

/**
 * Whether a member may speak with this epoch: its own, 0 to join anew, or the one before when the answer with the new one was lost
 * and it has no more than what is its own.
 */
export function refusalOfEpoch(
  member: ConsumerMember,
  epoch: number,
  reported: ReportedPartitions,
): Refusal | undefined {
  if (epoch === joiningEpoch || epoch === member.epoch) return undefined;
  const fenced = (which: string): Refusal =>
    new Refusal(
      errorCode.FENCED_MEMBER_EPOCH,
      `The consumer group member has a ${which} member epoch (${epoch}) than the one known by the group coordinator ` +
        `(${member.epoch}). The member must abandon all its partitions and rejoin.`,
    );
  if (epoch > member.epoch) return fenced('greater');
  return epoch === member.previousEpoch && hasNoMoreThan(reported, member) ? undefined : fenced('smaller');
}

function hasNoMoreThan(reported: ReportedPartitions, { owned }: ConsumerMember): boolean {
  if (!reported) return false;
  for (const [topicId, partitions] of reported)
    for (const partition of partitions) if (!owned.get(topicId)?.has(partition)) return false;
  return true;
}

/** Whether there is room for who comes; members that are there already have theirs. */
export function refusalOfSize(
  group: ConsumerGroup,
  { memberId, instanceId }: ConsumerClaim,
  membersMax: number,
): Refusal | undefined {
  if (instanceId !== null && group.staticMembers.has(instanceId)) return undefined;
  if (group.members.size < membersMax || group.members.has(memberId)) return undefined;
  const text = `The consumer group has reached its maximum capacity of ${membersMax} members.`;
  return new Refusal(errorCode.GROUP_MAX_SIZE_REACHED, text);
}
