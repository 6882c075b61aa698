import type { ConsumerMember } from './consumer-group.ts';
import { nothingOwned, staticLeavingEpoch } from './consumer-group.ts';
import type { ConsumerDraft } from './draft.ts';
import { bumpEpoch, holdingsOf, traitsOf } from './member-update.ts';

/** Takes members out of the group; the others get new targets with the next heartbeat. */
export function removeMembers(draft: ConsumerDraft, memberIds: readonly string[]): void {
  for (const memberId of memberIds) removeMember(draft, memberId);
  forgetRegexes(draft);
  bumpEpoch(draft, true);
  const { groupId, group, context } = draft;
  if (group.members.size > 0) return;
  // Nobody is left to make targets for.
  const value = { assignmentEpoch: group.epoch, timestampMs: context.nowMs };
  draft.write({ kind: 'consumer-target-epoch', groupId, value });
}

function removeMember(draft: ConsumerDraft, memberId: string): void {
  const { groupId } = draft;
  draft.write(
    { kind: 'consumer-current', groupId, memberId, value: null },
    { kind: 'consumer-target', groupId, memberId, value: null },
    { kind: 'consumer-member', groupId, memberId, value: null },
  );
  draft.noTimers(memberId);
}

function forgetRegexes(draft: ConsumerDraft): void {
  const { groupId, group } = draft;
  const used = new Set([...group.members.values()].map(({ topicRegex }) => topicRegex));
  for (const regex of group.regexes.keys())
    if (!used.has(regex)) draft.write({ kind: 'consumer-regex', groupId, regex, value: null });
}

/** A static member goes for a while: its place and its partitions are kept for it until its session ends. */
export function leaveForAWhile(draft: ConsumerDraft, member: ConsumerMember): void {
  const { groupId } = draft;
  // Given at no epoch that counts: what its next self commits is taken whatever epoch it comes back with.
  const owned = new Map(
    [...member.owned].map(([topicId, epochs]) => [topicId, new Map([...epochs.keys()].map((key) => [key, 0]))]),
  );
  const value = holdingsOf({ ...member, epoch: staticLeavingEpoch, owned, revoking: nothingOwned });
  draft.write({ kind: 'consumer-current', groupId, memberId: member.memberId, value });
  draft.timer(member.memberId, 'rebalance', undefined);
}

/** A static member is back under a new id: it takes the place of its former self, with its target and its partitions. */
export function replaceMember(draft: ConsumerDraft, former: ConsumerMember, memberId: string): ConsumerMember {
  const { groupId } = draft;
  const member = { ...former, memberId, epoch: 0, previousEpoch: 0 };
  const target = draft.group.targets.get(former.memberId) ?? new Map();
  removeMember(draft, former.memberId);
  draft.write(
    { kind: 'consumer-member', groupId, memberId, value: traitsOf(member) },
    { kind: 'consumer-target', groupId, memberId, value: target },
    { kind: 'consumer-current', groupId, memberId, value: holdingsOf(member) },
  );
  return member;
}

/** Tombstones for all of a group. */
export function dissolve(draft: ConsumerDraft): void {
  const { groupId, group } = draft;
  const memberIds = [...group.members.keys()];
  draft.write(
    ...memberIds.map((memberId) => ({ kind: 'consumer-current', groupId, memberId, value: null }) as const),
    ...[...group.targets.keys()].map(
      (memberId) => ({ kind: 'consumer-target', groupId, memberId, value: null }) as const,
    ),
    { kind: 'consumer-target-epoch', groupId, value: null },
    ...memberIds.map((memberId) => ({ kind: 'consumer-member', groupId, memberId, value: null }) as const),
    ...[...group.regexes.keys()].map((regex) => ({ kind: 'consumer-regex', groupId, regex, value: null }) as const),
    { kind: 'consumer-topics', groupId },
    { kind: 'consumer-epoch', groupId, value: null },
  );
  for (const memberId of memberIds) draft.noTimers(memberId);
}
