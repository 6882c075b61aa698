import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../protocol/schemas/68-consumer-group-heartbeat.ts';
import type { ConsumerMember } from './consumer-group.ts';
import { joiningEpoch, newMember, staticLeavingEpoch } from './consumer-group.ts';
import type { ConsumerDraft } from './draft.ts';
import { Refusal } from './draft.ts';
import type { HeartbeatCommand } from './heartbeat-request.ts';
import { leaveForAWhile, replaceMember } from './leave.ts';
import { bringNearer, takeOver } from './member-update.ts';
import { memberOf, refusalOfEpoch, refusalOfSize, staticMemberOf } from './members.ts';
import type { ReportedPartitions } from './reconcile.ts';
import { ownsSame } from './reconcile.ts';
import { regexFault } from './subscriptions.ts';

export type HeartbeatAnswer = MessageInput<typeof consumerGroupHeartbeatResponse>;

/** Plans the rest of a heartbeat when the targets are made. */
export class LaterAnswer {
  readonly finish: (draft: ConsumerDraft) => HeartbeatAnswer;

  constructor(finish: (draft: ConsumerDraft) => HeartbeatAnswer) {
    this.finish = finish;
  }
}

/**
 * A heartbeat of a member that stays, or comes (KIP-848). The group is there, or comes with it. Targets are made for all members
 * that come in one turn together, so that the second half of the plan comes later.
 */
export function planHeartbeat(draft: ConsumerDraft, command: HeartbeatCommand): LaterAnswer | Refusal {
  const { request, apiVersion } = command;
  const { limits } = draft.context;
  const memberId = request.memberId || command.newMemberId;
  const claim = { memberId, instanceId: request.instanceId };
  const tooMany = refusalOfSize(draft.group, claim, limits.membersMax);
  if (tooMany) return tooMany;
  const reported = reportedOf(request.topicPartitions);
  const found = memberFor(draft, command, { ...claim, reported });
  if (found instanceof Refusal) return found;
  const member = changedBy(found, command);
  if (apiVersion >= 1 && member.topicRegex && member.topicRegex !== found.topicRegex) {
    const fault = regexFault(member.topicRegex);
    const text = `SubscribedTopicRegex \`${member.topicRegex}\` is not a valid regular expression: ${fault}.`;
    if (fault !== undefined) return new Refusal(errorCode.INVALID_REGULAR_EXPRESSION, text);
  }
  if (found.memberId !== memberId) replaceMember(draft, found, memberId);
  takeOver(draft, { member: { ...member, memberId }, mayDescribe: command.mayDescribe });
  draft.timer(memberId, 'session', limits.sessionTimeoutMs);
  return new LaterAnswer((later) => {
    const updated = bringNearer(later, memberId, reported);
    const tells = isFull(request) || !ownsSame(found.owned, updated.owned);
    return {
      throttleTimeMs: 0,
      errorCode: errorCode.NONE,
      memberId,
      memberEpoch: updated.epoch,
      heartbeatIntervalMs: limits.heartbeatIntervalMs,
      assignment: tells ? assignmentOf(updated) : null,
    };
  });
}

/** The member as it is until now: a new one, the former self of a static one that is back, or itself. */
function memberFor(
  { groupId, group }: ConsumerDraft,
  { request }: HeartbeatCommand,
  claim: { readonly memberId: string; readonly instanceId: string | null; readonly reported: ReportedPartitions },
): ConsumerMember | Refusal {
  const { memberId, instanceId, reported } = claim;
  const { memberEpoch } = request;
  if (memberEpoch === joiningEpoch) {
    if (instanceId === null) return group.members.get(memberId) ?? newMember(memberId);
    const former = staticMemberOf(group, instanceId);
    if (!former) return newMember(memberId);
    if (former.classic || former.memberId === memberId || former.epoch === staticLeavingEpoch) return former;
    const text =
      `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is ` +
      `owned by ${former.memberId} member.`;
    return new Refusal(errorCode.UNRELEASED_INSTANCE_ID, text);
  }
  const member = memberOf(groupId, group, claim);
  if (member instanceof Refusal) return member;
  return refusalOfEpoch(member, memberEpoch, reported) ?? member;
}

/** What a request leaves out stays as it is. */
function changedBy(member: ConsumerMember, { request, clientId, clientHost }: HeartbeatCommand): ConsumerMember {
  const names = request.subscribedTopicNames;
  return {
    ...member,
    instanceId: request.instanceId ?? member.instanceId,
    rackId: request.rackId ?? member.rackId,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : request.rebalanceTimeoutMs,
    serverAssignor: request.serverAssignor ?? member.serverAssignor,
    topicNames: names === null ? member.topicNames : [...new Set(names)].sort(),
    topicRegex: request.subscribedTopicRegex ?? member.topicRegex,
    clientId,
    clientHost,
    classic: null,
  };
}

/** A request that says everything wants to hear everything. */
function isFull(request: ConsumerGroupHeartbeatRequest): boolean {
  const { memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } = request;
  if (memberEpoch === joiningEpoch) return true;
  const isSubscribing = subscribedTopicNames !== null || subscribedTopicRegex !== null;
  return rebalanceTimeoutMs !== -1 && isSubscribing && topicPartitions !== null;
}

function reportedOf(topicPartitions: ConsumerGroupHeartbeatRequest['topicPartitions']): ReportedPartitions {
  return (
    (topicPartitions && new Map(topicPartitions.map(({ topicId, partitions }) => [topicId, new Set(partitions)]))) ??
    undefined
  );
}

function assignmentOf({ owned }: ConsumerMember): NonNullable<HeartbeatAnswer['assignment']> {
  return {
    topicPartitions: [...owned].map(([topicId, epochs]) => ({
      topicId,
      partitions: [...epochs.keys()].sort((a, b) => a - b),
    })),
  };
}

/** A member leaves, for good or, a static one, for a while. Members that go for good are named. */
export function planLeaveOf(
  draft: ConsumerDraft,
  { memberId, memberEpoch, instanceId }: ConsumerGroupHeartbeatRequest,
): { readonly gone: string | undefined; readonly answer: HeartbeatAnswer } | Refusal {
  const { groupId, group } = draft;
  const member = memberOf(groupId, group, { memberId, instanceId });
  if (member instanceof Refusal) return member;
  const answer = { throttleTimeMs: 0, errorCode: errorCode.NONE, memberId, memberEpoch, heartbeatIntervalMs: 0 };
  if (memberEpoch !== staticLeavingEpoch) return { gone: member.memberId, answer };
  leaveForAWhile(draft, member);
  return { gone: undefined, answer };
}
