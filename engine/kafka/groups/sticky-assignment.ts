import type { Assignment, MemberOfGroup, PartitionCounts } from './assignors.ts';
import type { TopicPartition } from './subscription.ts';

/** A balanced assignment and who read each partition before (undefined: nobody, or it is in doubt). */
export interface StickyAssignment {
  readonly assignment: Assignment;
  readonly ownerOf: (partition: TopicPartition) => string | undefined;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/**
 * Balances partitions over members, moving as few as that takes: everybody keeps what it owns and still wants, free partitions go
 * to whoever has least, then those with more than a fair share give up some. Members are in the order that settles ties.
 */
export function stickyAssignment(members: readonly MemberOfGroup[], counts: PartitionCounts): StickyAssignment {
  const owners = ownersOf(members, counts);
  const wants = new Map(members.map(({ memberId, topics }) => [memberId, new Set(topics)]));
  const assignment: Assignment = new Map(members.map(({ memberId }) => [memberId, []]));
  const free: TopicPartition[] = [];
  for (const topic of [...counts.keys()].sort()) {
    for (let partition = 0; partition < counts.get(topic)!; partition++) {
      const each = { topic, partition };
      const owner = owners.get(keyOf(each));
      if (owner !== undefined && wants.get(owner)?.has(topic)) assignment.get(owner)!.push(each);
      else free.push(each);
    }
  }
  for (const each of free) {
    const reader = leastLoaded(members, assignment, each.topic, wants);
    if (reader !== undefined) assignment.get(reader)!.push(each);
  }
  for (const { memberId } of members) giveAway(memberId, members, assignment, wants);
  return { assignment, ownerOf: (partition) => owners.get(keyOf(partition)) };
}

/** Claims of the newest generation win; a partition that two members of it claim belongs to neither. */
function ownersOf(members: readonly MemberOfGroup[], counts: PartitionCounts): Map<string, string> {
  const claims = new Map<string, { owner: string | undefined; generation: number }>();
  for (const { memberId, owned, generation } of members) {
    for (const each of owned) {
      if (each.partition >= (counts.get(each.topic) ?? 0)) continue;
      const before = claims.get(keyOf(each));
      if (before && before.generation > generation) continue;
      const isDoubtful = before?.generation === generation;
      claims.set(keyOf(each), { owner: isDoubtful ? undefined : memberId, generation });
    }
  }
  const owners = new Map<string, string>();
  for (const [key, { owner }] of claims) if (owner !== undefined) owners.set(key, owner);
  return owners;
}

function leastLoaded(
  members: readonly MemberOfGroup[],
  assignment: Assignment,
  topic: string,
  wants: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  let least: string | undefined;
  for (const { memberId } of members) {
    if (!wants.get(memberId)!.has(topic)) continue;
    if (least === undefined || assignment.get(memberId)!.length < assignment.get(least)!.length) least = memberId;
  }
  return least;
}

/** Moves partitions of a member to others for as long as one of them has at least two fewer. */
function giveAway(
  memberId: string,
  members: readonly MemberOfGroup[],
  assignment: Assignment,
  wants: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const own = assignment.get(memberId)!;
  for (let index = own.length - 1; index >= 0; index--) {
    const each = own[index]!;
    const taker = leastLoaded(members, assignment, each.topic, wants);
    if (taker === undefined || assignment.get(taker)!.length + 1 >= own.length) continue;
    own.splice(index, 1);
    assignment.get(taker)!.push(each);
  }
}
