import type { ConsumerMember } from './consumer-group.ts';
import { memberStates } from './consumer-group.ts';
import type { MemberHoldings, MemberTraits } from './consumer-record.ts';
import type { ConsumerDraft } from './draft.ts';
import type { ReportedPartitions } from './reconcile.ts';
import { ownsSame, reconcile } from './reconcile.ts';
import { metadataHashOf, resolveRegex, topicIdsOf } from './subscriptions.ts';
import { assignTargets, preferredAssignor } from './target.ts';

/** A member that has come with something. */
export interface MemberUpdate {
  /** As it is to be from now on. */
  readonly member: ConsumerMember;
  /** Topics that who asks may know of: an expression stands for no others. */
  readonly mayDescribe: (topic: string) => boolean;
}

/** Takes over what a member says of itself; the group's epoch moves when it reads other topics than before. */
export function takeOver(draft: ConsumerDraft, update: MemberUpdate): void {
  const { groupId } = draft;
  const { member } = update;
  const before = draft.group.members.get(member.memberId);
  const assignorBefore = preferredAssignor(draft.group, draft.context.limits).name;
  const hasChanged = !before || !hasSameTraits(before, member);
  if (hasChanged) draft.write({ kind: 'consumer-member', groupId, memberId: member.memberId, value: traitsOf(member) });
  const readsOther = hasChanged && (!before || !readsSame(before, member));
  const assignorMoved = preferredAssignor(draft.group, draft.context.limits).name !== assignorBefore;
  if (readsOther || draft.wantsRefresh) refreshRegexes(draft, update, before?.topicRegex ?? null);
  if (readsOther || assignorMoved || draft.wantsRefresh) bumpEpoch(draft, readsOther || (assignorMoved && !!before));
  draft.wantsRefresh = false;
}

/** Makes new targets when the group's epoch has moved. */
export function makeTargets(draft: ConsumerDraft): void {
  if (draft.group.epoch > draft.group.assignmentEpoch) assignTargets(draft);
}

/** The group's epoch moves when it must, or when the topics that it reads have changed. */
export function bumpEpoch(draft: ConsumerDraft, mustMove: boolean): void {
  const { groupId, group } = draft;
  const metadataHash = metadataHashOf(group, draft.context.topics);
  if (!mustMove && metadataHash === group.metadataHash) return;
  draft.write({ kind: 'consumer-epoch', groupId, value: { epoch: group.epoch + 1, metadataHash } });
}

/** Resolves the member's expression, and all others when the topics may have changed; forgets those that nobody uses any more. */
function refreshRegexes(draft: ConsumerDraft, { member, mayDescribe }: MemberUpdate, regexBefore: string | null): void {
  const { groupId, context } = draft;
  const used = new Set([...draft.group.members.values()].flatMap(({ topicRegex }) => topicRegex || []));
  for (const regex of draft.group.regexes.keys())
    if (!used.has(regex)) draft.write({ kind: 'consumer-regex', groupId, regex, value: null });
  for (const regex of used) {
    const known = draft.group.regexes.get(regex);
    const isAsked = regex === member.topicRegex && regex !== regexBefore;
    if (known && !draft.wantsRefresh && !isAsked) continue;
    const value = resolveRegex(regex, context.topics, mayDescribe, context.nowMs);
    const isSame =
      known?.topics.size === value.topics.size && [...value.topics].every((name) => known.topics.has(name));
    if (!isSame) draft.write({ kind: 'consumer-regex', groupId, regex, value });
  }
}

/** Brings a member a step nearer to its target, and returns it as it is then. */
export function bringNearer(draft: ConsumerDraft, memberId: string, reported: ReportedPartitions): ConsumerMember {
  const { groupId, group, context } = draft;
  const member = group.members.get(memberId) as ConsumerMember;
  const target = {
    epoch: group.assignmentEpoch,
    assignment: group.targets.get(memberId) ?? new Map(),
    reported,
    topicIds: topicIdsOf(member, group.regexes, context.topics),
  };
  const next = reconcile(member, target, group.owners);
  if (next === member || holdsSame(member, next)) return member;
  draft.write({ kind: 'consumer-current', groupId, memberId, value: holdingsOf(next) });
  if (!next.classic)
    draft.timer(memberId, 'rebalance', next.state === memberStates.unrevoked ? rebalanceMsOf(next) : undefined);
  return next;
}

/** How long a member may take to let go; Kafka's members always say. */
function rebalanceMsOf({ rebalanceTimeoutMs }: ConsumerMember): number {
  return rebalanceTimeoutMs < 0 ? Number.POSITIVE_INFINITY : rebalanceTimeoutMs;
}

export function traitsOf(member: ConsumerMember): MemberTraits {
  const { epoch, previousEpoch, state, owned, revoking, ...traits } = member;
  return traits;
}

export function holdingsOf({ epoch, previousEpoch, state, owned, revoking }: ConsumerMember): MemberHoldings {
  return { epoch, previousEpoch, state, owned, revoking };
}

function holdsSame(a: ConsumerMember, b: ConsumerMember): boolean {
  return a.epoch === b.epoch && a.state === b.state && ownsSame(a.owned, b.owned) && ownsSame(a.revoking, b.revoking);
}

function readsSame(a: ConsumerMember, b: ConsumerMember): boolean {
  return (a.topicRegex || null) === (b.topicRegex || null) && isSameList(a.topicNames, b.topicNames);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, index) => name === b[index]));
}

function hasSameTraits(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.instanceId === b.instanceId &&
    a.rackId === b.rackId &&
    a.clientId === b.clientId &&
    a.clientHost === b.clientHost &&
    a.rebalanceTimeoutMs === b.rebalanceTimeoutMs &&
    a.serverAssignor === b.serverAssignor &&
    (a.topicRegex || null) === (b.topicRegex || null) &&
    isSameList(a.topicNames, b.topicNames) &&
    isSameClassic(a, b)
  );
}

function isSameClassic({ classic: a }: ConsumerMember, { classic: b }: ConsumerMember): boolean {
  if (!a || !b) return a === b;
  return (
    a.sessionTimeoutMs === b.sessionTimeoutMs &&
    a.protocols.length === b.protocols.length &&
    a.protocols.every(({ name, metadata }, index) => {
      const other = b.protocols[index];
      return other?.name === name && other.metadata.equals(metadata);
    })
  );
}
