import type { Assignor } from './assignors/assignor.ts';
import type { Assignment, ConsumerGroup } from './consumer-group.ts';
import { noAssignment } from './consumer-group.ts';
import type { ConsumerDraft, ConsumerGroupLimits } from './draft.ts';
import { topicIdsOf } from './subscriptions.ts';

/** The assignor that most members ask for; the first of the broker's where nobody asks. Ties go to the first of them. */
export function preferredAssignor({ members }: ConsumerGroup, { assignors }: ConsumerGroupLimits): Assignor {
  const votes = new Map<string, number>();
  for (const { serverAssignor } of members.values())
    if (serverAssignor) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1);
  const [first, ...others] = assignors;
  if (!first) throw new Error('expected at least one assignor, found none');
  return others.reduce(
    (best, other) => ((votes.get(other.name) ?? 0) > (votes.get(best.name) ?? 0) ? other : best),
    first,
  );
}

/** Makes the targets of the group's epoch and writes those that are new. */
export function assignTargets(draft: ConsumerDraft): void {
  const { groupId, group, context } = draft;
  const { topics, limits, nowMs } = context;
  // In an order of their own, so that the same members get the same whoever came first: static ones keep their place.
  const members = [...group.members.values()]
    .map((member) => ({ member, place: member.instanceId ?? member.memberId }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ member }) => ({
      memberId: member.memberId,
      topicIds: sorted(topicIdsOf(member, group.regexes, topics)),
      current: group.targets.get(member.memberId) ?? noAssignment,
    }));
  const partitionCount = (topicId: string): number => topics.topicsById.get(topicId)?.partitions.length ?? 0;
  const targets = preferredAssignor(group, limits).assign(members, partitionCount);
  for (const [memberId, value] of targets) {
    const before = group.targets.get(memberId);
    if (!before || !isSame(before, value)) draft.write({ kind: 'consumer-target', groupId, memberId, value });
  }
  const value = { assignmentEpoch: group.epoch, timestampMs: nowMs };
  draft.write({ kind: 'consumer-target-epoch', groupId, value });
}

function sorted(ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...ids].sort());
}

function isSame(a: Assignment, b: Assignment): boolean {
  if (a.size !== b.size) return false;
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId);
    if (!others || others.size !== partitions.size) return false;
    for (const partition of partitions) if (!others.has(partition)) return false;
  }
  return true;
}
