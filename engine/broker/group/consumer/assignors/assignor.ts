import type { Assignment } from '../consumer-group.ts';

/** A member as an assignor sees it. */
export interface AssignorMember {
  readonly memberId: string;
  /** Topics that exist, by id. */
  readonly topicIds: ReadonlySet<string>;
  /** What it was to have until now. */
  readonly current: Assignment;
}

/** The number of partitions of a topic that exists. */
export type PartitionCount = (topicId: string) => number;

/** Divides partitions among members. Pure: the same input gives the same targets, each member's among them. */
export interface Assignor {
  readonly name: string;
  readonly assign: (
    members: readonly AssignorMember[],
    partitionCount: PartitionCount,
  ) => ReadonlyMap<string, Assignment>;
}

/** A target that is being made. */
export type DraftTarget = Map<string, Set<number>>;

export function give(target: DraftTarget, topicId: string, partition: number): void {
  const partitions = target.get(topicId);
  if (partitions) partitions.add(partition);
  else target.set(topicId, new Set([partition]));
}

/** Whether all members read the same topics. */
export function isHomogeneous(members: readonly AssignorMember[]): boolean {
  const first = members[0]?.topicIds ?? new Set();
  return members.every(({ topicIds }) => topicIds.size === first.size && [...topicIds].every((id) => first.has(id)));
}

/** Members that read each topic, in the order of the members. */
export function subscribersOf(members: readonly AssignorMember[]): Map<string, AssignorMember[]> {
  const byTopic = new Map<string, AssignorMember[]>();
  for (const member of members) {
    for (const topicId of member.topicIds) {
      const subscribers = byTopic.get(topicId);
      if (subscribers) subscribers.push(member);
      else byTopic.set(topicId, [member]);
    }
  }
  return byTopic;
}
