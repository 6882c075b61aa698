import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { consumerProtocolType, readSubscription, writeAssignment } from '../classic/consumer-embedded.ts';
import type { JoinCommand } from '../classic/join.ts';
import type { MemberClaim } from '../classic/member-check.ts';
import type { JoinAnswer, SyncAnswer } from '../classic/round.ts';
import type { SyncCommand } from '../classic/sync.ts';
import type { ClassicTraits, ConsumerGroup, ConsumerMember, OwnedPartitions } from './consumer-group.ts';
import { memberStates, newMember } from './consumer-group.ts';
import type { ConsumerDraft } from './draft.ts';
import { Refusal } from './draft.ts';
import type { GroupTopics } from './group-topics.ts';
import { replaceMember } from './leave.ts';
import { bringNearer, makeTargets, takeOver } from './member-update.ts';
import { memberOf, refusalOfSize, staticMemberOf } from './members.ts';
import type { ReportedPartitions } from './reconcile.ts';
import { isStillWaiting } from './reconcile.ts';

/** A member that takes part by the classic protocol. */
type ClassicMember = ConsumerMember & { readonly classic: ClassicTraits };

/** What a join does: the answer, and whether a static member of the consumer protocol has made way for it. */
export interface ClassicJoinPlan {
  readonly answer: JoinAnswer;
  readonly hasReplaced: boolean;
}

/** JoinGroup of a member of the classic protocol to a group of the consumer protocol. Its epoch is its generation. */
export function planClassicJoin(draft: ConsumerDraft, command: JoinCommand): ClassicJoinPlan | Refusal {
  const { groupId, context } = draft;
  const { groupInstanceId: instanceId, protocols } = command;
  const memberId = command.memberId || command.newMemberId;
  const refusal = refusalOfJoin(draft, command, memberId);
  if (refusal) return refusal;
  const subscription = readSubscription(protocols[0]?.metadata ?? Buffer.alloc(0));
  if (!subscription) return new Refusal(errorCode.INCONSISTENT_GROUP_PROTOCOL, 'The subscription cannot be read.');
  const found = memberFor(groupId, draft.group, { ...command, memberId: command.memberId }, memberId);
  if (found instanceof Refusal) return found;
  const hasReplaced = found.memberId !== memberId && found.classic === null;
  if (found.memberId !== memberId) replaceMember(draft, found, memberId);
  takeOver(draft, {
    member: {
      ...found,
      memberId,
      instanceId: instanceId ?? found.instanceId,
      rackId: subscription.rackId || found.rackId,
      rebalanceTimeoutMs: command.rebalanceTimeoutMs,
      topicNames: [...new Set(subscription.topics)].sort(),
      topicRegex: null,
      clientId: command.clientId,
      clientHost: command.clientHost,
      classic: { sessionTimeoutMs: command.sessionTimeoutMs, protocols },
    },
    mayDescribe: () => true,
  });
  makeTargets(draft);
  const member = bringNearer(draft, memberId, reportedIn(subscription.ownedPartitions, context.topics));
  draft.timer(memberId, 'join', undefined);
  draft.timer(memberId, 'rebalance', undefined);
  draft.timer(memberId, 'session', command.sessionTimeoutMs);
  draft.timer(memberId, 'sync', command.rebalanceTimeoutMs);
  return { answer: joinedAs(member, protocols[0]?.name ?? ''), hasReplaced };
}

function joinedAs({ memberId, epoch }: ConsumerMember, protocolName: string): JoinAnswer {
  return {
    errorCode: errorCode.NONE,
    memberId,
    generationId: epoch,
    protocolType: consumerProtocolType,
    protocolName,
    leader: '',
    skipAssignment: false,
    members: [],
  };
}

function refusalOfJoin({ group, context, groupId }: ConsumerDraft, command: JoinCommand, memberId: string) {
  const { migration, membersMax } = context.limits;
  if (!migration.upgrade && !migration.downgrade) {
    const text = `Cannot join the consumer group ${groupId} with the classic protocol because the group migration is disabled.`;
    return new Refusal(errorCode.INCONSISTENT_GROUP_PROTOCOL, text);
  }
  const tooMany = refusalOfSize(group, { memberId, instanceId: command.groupInstanceId }, membersMax);
  if (tooMany) return tooMany;
  if (!supports(group, command))
    return new Refusal(errorCode.INCONSISTENT_GROUP_PROTOCOL, `Member ${memberId}'s protocols are not supported.`);
  if (command.requiresKnownMemberId && command.memberId === '')
    return new Refusal(errorCode.MEMBER_ID_REQUIRED, memberId);
  return undefined;
}

/** Whether some protocol of the newcomer is one of every classic member. */
function supports({ members }: ConsumerGroup, { protocolType, protocols }: JoinCommand): boolean {
  if (protocolType !== consumerProtocolType || protocols.length === 0) return false;
  const classic = [...members.values()].flatMap((member) => member.classic ?? []);
  return protocols.some(({ name }) =>
    classic.every((other) => other.protocols.some((offered) => offered.name === name)),
  );
}

function memberFor(
  groupId: string,
  group: ConsumerGroup,
  command: JoinCommand,
  newMemberId: string,
): ConsumerMember | Refusal {
  const { memberId, groupInstanceId: instanceId } = command;
  if (instanceId === null) return group.members.get(newMemberId) ?? newMember(newMemberId);
  if (memberId !== '') return memberOf(groupId, group, { memberId, instanceId });
  return staticMemberOf(group, instanceId) ?? newMember(newMemberId);
}

function reportedIn(
  owned: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  topics: GroupTopics,
): NonNullable<ReportedPartitions> {
  return new Map(
    owned.flatMap(({ topic, partitions }) => {
      const known = topics.topics.get(topic);
      return known ? [[known.id, new Set(partitions)] as const] : [];
    }),
  );
}

/** The member of a classic request, with its generation checked. */
function classicMemberOf(
  { groupId, group }: ConsumerDraft,
  { memberId, groupInstanceId }: MemberClaim,
  generationId: number,
): ClassicMember | Refusal {
  const member = memberOf(groupId, group, { memberId, instanceId: groupInstanceId });
  if (member instanceof Refusal) return member;
  if (!isClassic(member))
    return new Refusal(errorCode.UNKNOWN_MEMBER_ID, `Member ${memberId} does not use the classic protocol.`);
  if (member.epoch === generationId) return member;
  return new Refusal(errorCode.ILLEGAL_GENERATION, `expected generation ${member.epoch}, found ${generationId}`);
}

function isClassic(member: ConsumerMember): member is ClassicMember {
  return member.classic !== null;
}

/** SyncGroup of a member of the classic protocol: its part, as the coordinator has made it. */
export function planClassicSync(draft: ConsumerDraft, command: SyncCommand): SyncAnswer | Refusal {
  const { group, context } = draft;
  const member = classicMemberOf(draft, command, command.generationId);
  if (member instanceof Refusal) return member;
  const { name, metadata } = member.classic.protocols[0] as ClassicTraits['protocols'][number];
  const { protocolType, protocolName } = command;
  if ((protocolType ?? consumerProtocolType) !== consumerProtocolType || (protocolName ?? name) !== name)
    return new Refusal(errorCode.INCONSISTENT_GROUP_PROTOCOL, `expected protocol ${name}, found ${protocolName}`);
  if (group.epoch > member.epoch && member.state !== memberStates.unrevoked) return rebalancing(draft, member);
  draft.timer(member.memberId, 'sync', undefined);
  draft.timer(member.memberId, 'session', member.classic.sessionTimeoutMs);
  const assignment = writeAssignment(metadata, named(member.owned, context.topics));
  return { errorCode: errorCode.NONE, protocolType, protocolName, assignment };
}

function named(owned: OwnedPartitions, topics: GroupTopics) {
  return [...owned].flatMap(([topicId, epochs]) => {
    const topic = topics.topicsById.get(topicId)?.name;
    return topic === undefined ? [] : [{ topic, partitions: [...epochs.keys()].sort((a, b) => a - b) }];
  });
}

/** The member has to join again, within its rebalance timeout. */
function rebalancing(draft: ConsumerDraft, { memberId, rebalanceTimeoutMs }: ConsumerMember): Refusal {
  draft.timer(memberId, 'join', rebalanceTimeoutMs, true);
  return new Refusal(errorCode.REBALANCE_IN_PROGRESS, `Member ${memberId} has to join again.`);
}

/**
 * Heartbeat of a member of the classic protocol. It joins again when the group's epoch has moved, when it has to give something up,
 * and when what it waits for is free.
 */
export function planClassicHeartbeat(draft: ConsumerDraft, claim: MemberClaim, generationId: number): ErrorCode {
  const { group } = draft;
  const member = classicMemberOf(draft, claim, generationId);
  if (member instanceof Refusal) return member.code;
  draft.timer(member.memberId, 'session', member.classic.sessionTimeoutMs);
  const mayGetMore = member.state === memberStates.unreleased && !isStillWaiting(member, group);
  const mustJoin = member.epoch < group.epoch || member.state === memberStates.unrevoked || mayGetMore;
  return mustJoin ? rebalancing(draft, member).code : errorCode.NONE;
}

/** The members that are to leave by LeaveGroup, of either protocol, and the code of each that was named. */
export function classicLeavers(
  { groupId, group }: ConsumerDraft,
  claims: readonly MemberClaim[],
): { readonly memberIds: readonly string[]; readonly codes: readonly ErrorCode[] } {
  const memberIds = new Set<string>();
  const codes = claims.map(({ memberId, groupInstanceId }) => {
    const byInstance = memberId === '' ? staticMemberOf(group, groupInstanceId) : undefined;
    const member = byInstance ?? memberOf(groupId, group, { memberId, instanceId: groupInstanceId });
    if (member instanceof Refusal) return member.code;
    if (memberIds.has(member.memberId)) return errorCode.UNKNOWN_MEMBER_ID;
    memberIds.add(member.memberId);
    return errorCode.NONE;
  });
  return { memberIds: [...memberIds], codes };
}
