import { stickyAssignment } from './sticky-assignment.ts';
import type { Subscription, TopicPartition } from './subscription.ts';

/** A member as the group's leader sees it. */
export interface MemberOfGroup extends Subscription {
  readonly memberId: string;
  /** `group.instance.id` of a static member: its place in the order outlives restarts. */
  readonly instanceId: string | null;
}

/** How many partitions each topic has; a topic that does not exist is not in it. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** Partitions by member id; every member has an entry. */
export type Assignment = Map<string, TopicPartition[]>;

/** Says who reads what. Deterministic: the same members and topics give the same assignment. */
export interface Assignor {
  /** Name on the wire: members agree on one that all of them offer. */
  readonly name: string;
  /** Members keep what stays theirs while the others change (KIP-429), instead of giving up all before. */
  readonly isCooperative: boolean;
  assign(members: readonly MemberOfGroup[], counts: PartitionCounts): Assignment;
}

/** Kafka's RangeAssignor: of each topic, members get neighbouring partitions; topics with equal counts go together. */
const range: Assignor = {
  name: 'range',
  isCooperative: false,
  assign(members, counts) {
    const assignment = emptyAssignment(members);
    for (const topic of topicsOf(members, counts)) {
      const readers = inOrder(members).filter(({ topics }) => topics.includes(topic));
      const count = counts.get(topic)!;
      let next = 0;
      readers.forEach(({ memberId }, index) => {
        const share = Math.floor(count / readers.length) + (index < count % readers.length ? 1 : 0);
        for (let taken = 0; taken < share; taken++) assignment.get(memberId)!.push({ topic, partition: next++ });
      });
    }
    return assignment;
  },
};

/** Kafka's RoundRobinAssignor: all partitions of all topics in turn. */
const roundRobin: Assignor = {
  name: 'roundrobin',
  isCooperative: false,
  assign(members, counts) {
    const assignment = emptyAssignment(members);
    const order = inOrder(members);
    let turn = 0;
    for (const topic of topicsOf(members, counts)) {
      for (let partition = 0; partition < counts.get(topic)!; partition++) {
        while (!order[turn % order.length]!.topics.includes(topic)) turn++;
        assignment.get(order[turn++ % order.length]!.memberId)!.push({ topic, partition });
      }
    }
    return assignment;
  },
};

/** Kafka's CooperativeStickyAssignor: balanced, and what can stay with its reader stays; the rest moves in a second round. */
const cooperativeSticky: Assignor = {
  name: 'cooperative-sticky',
  isCooperative: true,
  assign(members, counts) {
    const { assignment, ownerOf } = stickyAssignment(inOrder(members), counts);
    // A partition that somebody still reads goes to its new reader only in the next round, when it was given up.
    for (const [memberId, partitions] of assignment)
      assignment.set(
        memberId,
        partitions.filter((each) => (ownerOf(each) ?? memberId) === memberId),
      );
    return assignment;
  },
};

export const assignors = { range, roundrobin: roundRobin, 'cooperative-sticky': cooperativeSticky } as const;
export type AssignorName = keyof typeof assignors;

/** Static members in the order of their instance ids, the others in that of their member ids. */
function inOrder(members: readonly MemberOfGroup[]): MemberOfGroup[] {
  const key = ({ instanceId, memberId }: MemberOfGroup) => (instanceId === null ? `1${memberId}` : `0${instanceId}`);
  return members.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Topics that exist and that somebody wants, by name. */
function topicsOf(members: readonly MemberOfGroup[], counts: PartitionCounts): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))].filter((topic) => counts.has(topic)).sort();
}

function emptyAssignment(members: readonly MemberOfGroup[]): Assignment {
  return new Map(members.map(({ memberId }) => [memberId, []]));
}
