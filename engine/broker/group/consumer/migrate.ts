import { errorCode } from '../../../protocol/error-codes.ts';
import {
  consumerProtocolType,
  readAssignment,
  readSubscription,
  writeAssignment,
} from '../classic/consumer-embedded.ts';
import { electProtocol } from '../classic/protocols.ts';
import type { Member, Round } from '../classic/round.ts';
import type { Membership, StoredMember } from '../stored-group.ts';
import type { Assignment, ConsumerGroup, ConsumerMember } from './consumer-group.ts';
import { memberStates, newMember, noAssignment } from './consumer-group.ts';
import type { ConsumerDraft, ConsumerGroupLimits } from './draft.ts';
import { Refusal } from './draft.ts';
import type { GroupTopics } from './group-topics.ts';
import { dissolve, removeMembers } from './leave.ts';
import { holdingsOf, traitsOf } from './member-update.ts';

/** Why a classic group with members cannot become one of the consumer protocol; undefined when it can. */
export function refusalOfUpgrade(groupId: string, round: Round, limits: ConsumerGroupLimits): Refusal | undefined {
  const refuse = (why: string): Refusal =>
    new Refusal(
      errorCode.GROUP_ID_NOT_FOUND,
      `Cannot upgrade classic group ${groupId} to consumer group because ${why}.`,
    );
  if (round.members.size === 0) return undefined;
  if (!limits.migration.upgrade) return refuse('online upgrade is disabled');
  if (round.protocolType !== consumerProtocolType)
    return refuse('the group does not use the consumer embedded protocol');
  if (round.members.size > limits.membersMax) return refuse('the group size exceeds the consumer group maximum size');
  return undefined;
}

/**
 * Turns a classic group into one of the consumer protocol: its members keep what they have and their generation as their epoch. False
 * when what they said of themselves cannot be read.
 */
export function planUpgrade(draft: ConsumerDraft, membership: Membership, generationId: number): boolean {
  const { groupId, context } = draft;
  const members: { readonly member: ConsumerMember; readonly target: Assignment }[] = [];
  for (const stored of membership.members) {
    const upgraded = upgradedMember(stored, membership.protocolName ?? '', generationId, context.topics);
    if (!upgraded) return false;
    members.push(upgraded);
  }
  const of = (memberId: string) => ({ groupId, memberId });
  draft.write(
    ...members.map(
      ({ member }) => ({ kind: 'consumer-member', ...of(member.memberId), value: traitsOf(member) }) as const,
    ),
    { kind: 'consumer-epoch', groupId, value: { epoch: generationId, metadataHash: 0 } },
    ...members.map(
      ({ member, target }) => ({ kind: 'consumer-target', ...of(member.memberId), value: target }) as const,
    ),
    { kind: 'consumer-target-epoch', groupId, value: { assignmentEpoch: generationId, timestampMs: context.nowMs } },
    ...members.map(
      ({ member }) => ({ kind: 'consumer-current', ...of(member.memberId), value: holdingsOf(member) }) as const,
    ),
  );
  for (const { memberId, sessionTimeoutMs } of membership.members) draft.timer(memberId, 'session', sessionTimeoutMs);
  return true;
}

function upgradedMember(stored: StoredMember, protocolName: string, epoch: number, topics: GroupTopics) {
  const subscription = readSubscription(stored.subscription);
  const assigned = readAssignment(stored.assignment);
  if (!subscription || !assigned) return undefined;
  const target = new Map<string, Set<number>>();
  for (const { topic, partitions } of assigned) {
    const id = topics.topics.get(topic)?.id;
    if (id !== undefined) target.set(id, new Set(partitions));
  }
  const owned = new Map(
    [...target].map(([id, partitions]) => [id, new Map([...partitions].map((partition) => [partition, epoch]))]),
  );
  const member: ConsumerMember = {
    ...newMember(stored.memberId),
    instanceId: stored.groupInstanceId,
    rackId: subscription.rackId || null,
    clientId: stored.clientId,
    clientHost: stored.clientHost,
    topicNames: [...new Set(subscription.topics)].sort(),
    rebalanceTimeoutMs: stored.rebalanceTimeoutMs,
    classic: {
      sessionTimeoutMs: stored.sessionTimeoutMs,
      protocols: [{ name: protocolName, metadata: stored.subscription }],
    },
    epoch,
    previousEpoch: epoch,
    state: memberStates.stable,
    owned,
  };
  return { member, target };
}

/** Takes members out; when only members of the classic protocol are left the group becomes a classic one, where that is allowed. */
export function removeOrDowngrade(draft: ConsumerDraft, memberIds: readonly string[]): void {
  const { group } = draft;
  const gone = new Set(memberIds);
  const left = [...group.members.values()].filter(({ memberId }) => !gone.has(memberId));
  const hadOthers = memberIds.some((memberId) => group.members.get(memberId)?.classic === null);
  if (!hadOthers || !mayBeClassic(draft, left)) return removeMembers(draft, memberIds);
  for (const memberId of memberIds) draft.noTimers(memberId);
  downgrade(draft, left, true);
}

/** A static member of the classic protocol has taken the place of the last one of the consumer protocol. */
export function downgradeAfterReplacement(draft: ConsumerDraft): void {
  const { group } = draft;
  const members = [...group.members.values()];
  const isSettled = members.every(({ epoch }) => epoch === group.epoch);
  if (mayBeClassic(draft, members)) downgrade(draft, members, !isSettled);
}

function mayBeClassic({ context }: ConsumerDraft, members: readonly ConsumerMember[]): boolean {
  const { migration, classicMembersMax } = context.limits;
  return (
    migration.downgrade &&
    members.length > 0 &&
    members.length <= classicMembersMax &&
    members.every(({ classic }) => classic !== null)
  );
}

function downgrade(draft: ConsumerDraft, members: readonly ConsumerMember[], wantsRebalance: boolean): void {
  const { groupId, group, context } = draft;
  const membership = membershipOf(group, members, context.topics);
  dissolve(draft);
  draft.after.push({ kind: 'membership', groupId, membership, writtenAtMs: context.nowMs });
  draft.successor = { membership, wantsRebalance };
}

function membershipOf(group: ConsumerGroup, members: readonly ConsumerMember[], topics: GroupTopics): Membership {
  const protocolName = electProtocol({ protocolType: consumerProtocolType, members: asVoters(members) });
  return {
    generationId: group.epoch,
    protocolType: consumerProtocolType,
    protocolName,
    leaderId: members[0]?.memberId ?? null,
    members: members.map((member) => {
      const protocols = member.classic?.protocols ?? [];
      const subscription = protocols.find(({ name }) => name === protocolName)?.metadata ?? Buffer.alloc(0);
      const target = group.targets.get(member.memberId) ?? noAssignment;
      return {
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        sessionTimeoutMs: member.classic?.sessionTimeoutMs ?? 0,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        subscription,
        assignment: writeAssignment(subscription, namedTarget(target, topics)),
      };
    }),
  };
}

function asVoters(members: readonly ConsumerMember[]): ReadonlyMap<string, Pick<Member, 'protocols'>> {
  return new Map(members.map(({ memberId, classic }) => [memberId, { protocols: classic?.protocols ?? [] }]));
}

function namedTarget(target: Assignment, topics: GroupTopics) {
  return [...target].flatMap(([topicId, partitions]) => {
    const topic = topics.topicsById.get(topicId)?.name;
    return topic === undefined ? [] : [{ topic, partitions: [...partitions].sort((a, b) => a - b) }];
  });
}
