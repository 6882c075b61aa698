import type { Assignor, AssignorMember, DraftTarget, PartitionCount } from './assignor.ts';
import { give, isHomogeneous } from './assignor.ts';
import { assignUnevenly } from './uneven.ts';

/** Kafka's `uniform`: over all topics a member gets as many partitions as the others, or one more, and keeps what it can. */
export const uniformAssignor: Assignor = {
  name: 'uniform',
  assign: (members, partitionCount) =>
    isHomogeneous(members) ? assignEvenly(members, partitionCount) : assignUnevenly(members, partitionCount),
};

interface Partition {
  readonly topicId: string;
  readonly partition: number;
}

/** All members read the same topics: each keeps what it has up to its share, and who has less gets of what is left. */
function assignEvenly(
  members: readonly AssignorMember[],
  partitionCount: PartitionCount,
): ReadonlyMap<string, DraftTarget> {
  const topicIds = [...(members[0]?.topicIds ?? [])];
  const total = topicIds.reduce((sum, topicId) => sum + partitionCount(topicId), 0);
  const share = Math.floor(total / Math.max(1, members.length));
  let extras = total % Math.max(1, members.length);
  const taken = new Map<string, Set<number>>();
  const targets = new Map<string, DraftTarget>();
  const open: { readonly target: DraftTarget; readonly missing: number }[] = [];
  // Who has more than its share keeps the one more: otherwise it would move for nothing.
  for (const member of [...members].sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const quota = share + (extras-- > 0 ? 1 : 0);
    const target: DraftTarget = new Map();
    targets.set(member.memberId, target);
    let left = quota;
    for (const { topicId, partition } of currentOf(member, partitionCount)) {
      if (left === 0) break;
      left--;
      give(target, topicId, partition);
      give(taken, topicId, partition);
    }
    if (left > 0) open.push({ target, missing: left });
  }
  const free = topicIds.flatMap((topicId) => freeOf(topicId, partitionCount(topicId), taken.get(topicId)));
  let next = 0;
  for (const { target, missing } of open) {
    for (const { topicId, partition } of free.slice(next, next + missing)) give(target, topicId, partition);
    next += missing;
  }
  return targets;
}

function sizeOf({ current }: AssignorMember): number {
  let size = 0;
  for (const partitions of current.values()) size += partitions.size;
  return size;
}

/** What a member has of the topics that it still reads. */
export function currentOf({ current, topicIds }: AssignorMember, partitionCount: PartitionCount): Partition[] {
  return [...current].flatMap(([topicId, partitions]) =>
    topicIds.has(topicId)
      ? [...partitions]
          .filter((partition) => partition < partitionCount(topicId))
          .map((partition) => ({ topicId, partition }))
      : [],
  );
}

function freeOf(topicId: string, count: number, taken: ReadonlySet<number> = new Set()): Partition[] {
  return Array.from({ length: count }, (_, partition) => ({ topicId, partition })).filter(
    ({ partition }) => !taken.has(partition),
  );
}
