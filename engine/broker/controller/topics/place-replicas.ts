import type { Random } from '../../../base/random.ts';
import { randomBelow } from '../../../base/random.ts';
import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { MetadataImage } from '../metadata-image.ts';

/** What is to be placed. */
export interface Placement {
  readonly partitionCount: number;
  readonly replicationFactor: number;
}

/**
 * Replicas for new partitions: leaders go round all active brokers from a random start, and the followers of each round
 * are shifted further, so that two brokers do not share all their partitions. Brokers that are not active serve only
 * where there are too few of the others, and never first. Leaders go from rack to rack, and a partition has replicas in as many
 * racks as it can (`broker.rack`). Refused with a sentence.
 */
export function placeReplicas(
  image: MetadataImage,
  random: Random,
  { partitionCount, replicationFactor }: Placement,
): Result<readonly (readonly number[])[], string> {
  const ids = fromRackToRack(image);
  const active = ids.filter((id) => image.isActive(id));
  const others = ids.filter((id) => !image.isActive(id));
  const failure = `Unable to replicate the partition ${replicationFactor} time(s): `;
  if (active.length === 0) return refused(`${failure}All brokers are currently fenced.`);
  if (replicationFactor > ids.length)
    return refused(
      `${failure}The target replication factor of ${replicationFactor} cannot be reached because only ${ids.length} broker(s) are registered.`,
    );
  const first = randomBelow(random, active.length);
  const firstShift = randomBelow(random, active.length);
  const assignments = Array.from({ length: partitionCount }, (_, partition) => {
    const shift = firstShift + Math.floor(partition / active.length);
    const picked: number[] = [];
    for (const ring of [active, others])
      pick(image, staggered(ring, first + partition, shift), replicationFactor, picked);
    return picked;
  });
  return ok(assignments);
}

/** All members of a ring: the one at `start`, then the others from a distance that grows with `shift`. */
function staggered(ring: readonly number[], start: number, shift: number): number[] {
  const size = ring.length;
  if (size === 0) return [];
  const ordered = [ring[start % size]!];
  for (let index = 0; index < size - 1; index++)
    ordered.push(ring[(start + 1 + ((shift + index) % (size - 1))) % size]!);
  return ordered;
}

/** Adds brokers to those picked, in their order, until there are `count`: first from racks that none is picked from. */
function pick({ brokers }: MetadataImage, ordered: readonly number[], count: number, picked: number[]): void {
  const rackOf = (id: number) => brokers.get(id)?.rack ?? null;
  const racks = new Set(picked.map(rackOf));
  for (const id of ordered) {
    if (picked.length >= count || racks.has(rackOf(id))) continue;
    racks.add(rackOf(id));
    picked.push(id);
  }
  for (const id of ordered) if (picked.length < count && !picked.includes(id)) picked.push(id);
}

/** All brokers, one rack after the other: the first of each, the second of each. Without racks in the order of their ids. */
function fromRackToRack({ brokers }: MetadataImage): number[] {
  const ordered = [...brokers.values()].sort((a, b) => a.id - b.id);
  const racks = [...Map.groupBy(ordered, ({ rack }) => rack).values()];
  const largest = Math.max(0, ...racks.map(({ length }) => length));
  return Array.from({ length: largest }, (_, index) => racks.flatMap((rack) => rack[index]?.id ?? [])).flat();
}
