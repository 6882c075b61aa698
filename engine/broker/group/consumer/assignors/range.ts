import type { Assignor, AssignorMember, DraftTarget } from './assignor.ts';
import { give, subscribersOf } from './assignor.ts';

/**
 * Kafka's `range`: of each topic a member gets as many partitions as the others, or one more, and keeps what it has of them, so
 * that topics with the same number of partitions are shared out alike.
 */
export const rangeAssignor: Assignor = {
  name: 'range',
  assign: (members, partitionCount) => {
    const targets = new Map<string, DraftTarget>(members.map(({ memberId }) => [memberId, new Map()]));
    for (const [topicId, subscribers] of subscribersOf(members))
      assignTopic({ topicId, count: partitionCount(topicId), subscribers, targets });
    return targets;
  },
};

interface TopicToAssign {
  readonly topicId: string;
  readonly count: number;
  readonly subscribers: readonly AssignorMember[];
  readonly targets: ReadonlyMap<string, DraftTarget>;
}

function assignTopic({ topicId, count, subscribers, targets }: TopicToAssign): void {
  const quota = Math.floor(count / subscribers.length);
  let extras = count % subscribers.length;
  const kept = new Set<number>();
  const open: { readonly target: DraftTarget; readonly missing: number }[] = [];
  for (const { memberId, current } of subscribers) {
    const target = targets.get(memberId) as DraftTarget;
    const had = [...(current.get(topicId) ?? [])].filter((partition) => partition < count).sort((a, b) => a - b);
    const keepsExtra = had.length > quota && extras > 0;
    if (keepsExtra) extras--;
    for (const partition of had.slice(0, keepsExtra ? quota + 1 : quota)) {
      kept.add(partition);
      give(target, topicId, partition);
    }
    if (!keepsExtra) open.push({ target, missing: quota - Math.min(had.length, quota) });
  }
  const free = Array.from({ length: count }, (_, partition) => partition).filter((partition) => !kept.has(partition));
  let next = 0;
  for (const { target, missing } of open) {
    const wanted = missing + (extras-- > 0 ? 1 : 0);
    for (const partition of free.slice(next, next + wanted)) give(target, topicId, partition);
    next += wanted;
  }
}
