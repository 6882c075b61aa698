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
 * where there are too few of the others, and never first. Racks are not looked at. Refused with a sentence.
 */
export function placeReplicas(
  image: MetadataImage,
  random: Random,
  { partitionCount, replicationFactor }: Placement,
): Result<readonly (readonly number[])[], string> {
  const ids = [...image.brokers.keys()].sort((a, b) => a - b);
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
    return staggered(active, first + partition, shift, replicationFactor).concat(
      staggered(others, first + partition, shift, replicationFactor - active.length),
    );
  });
  return ok(assignments);
}

/** `count` members of a ring: the one at `start`, then others from a distance that grows with `shift`. */
function staggered(ring: readonly number[], start: number, shift: number, count: number): number[] {
  const size = ring.length;
  const wanted = Math.min(count, size);
  if (wanted <= 0) return [];
  const picked = [ring[start % size]!];
  for (let index = 0; picked.length < wanted; index++)
    picked.push(ring[(start + 1 + ((shift + index) % (size - 1))) % size]!);
  return picked;
}
