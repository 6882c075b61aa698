import type { FetchOptions, FetchTarget } from '../fetch-target.ts';

/*
 * A follower of thousands of partitions has them all in one session, and few of them move between two fetches. Whether a target is
 * quiet takes a look at a dozen fields; that nothing has moved since it was found so, at one number.
 */

/** Whether the target was quiet before, for the same reader, and its partition has had no news since. */
export function isStillQuiet(target: FetchTarget, { replicaId, isolation }: FetchOptions): boolean {
  const mark = target.told?.quiet;
  return (
    mark !== undefined &&
    mark.partition.news === mark.news &&
    mark.target === target &&
    mark.replicaId === replicaId &&
    mark.isolation === isolation
  );
}

/** The target is quiet. What the reader asks for anew has no mark: it goes with what it was told. */
export function markQuiet(
  partition: { readonly news: number },
  target: FetchTarget,
  { replicaId, isolation }: FetchOptions,
): void {
  if (target.told) target.told.quiet = { target, partition, news: partition.news, replicaId, isolation };
}
