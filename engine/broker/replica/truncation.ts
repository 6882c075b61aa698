/** An epoch and where it ends; both -1 where nothing is known. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/**
 * The leader's side (KIP-595 in Fetch): where the follower's history leaves the leader's, or undefined when it does not.
 * `known` is the leader's largest epoch <= the follower's last one, with its end.
 */
export function divergenceOf(
  fetch: { readonly fetchOffset: number; readonly lastFetchedEpoch: number },
  known: EpochEnd,
): EpochEnd | undefined {
  return known.epoch < fetch.lastFetchedEpoch || known.endOffset < fetch.fetchOffset ? known : undefined;
}

/**
 * The follower's side: the offset to cut its log to. When the follower does not know the leader's epoch it cuts to the
 * end of its own largest epoch below it, and the next fetch compares again with that one: one look-up is not enough
 * after a fast double failover (KIP-279).
 *
 * @param local the follower's largest epoch <= the diverging one, with its end; epoch -1 when it knows none
 */
export function truncationOffset(diverging: EpochEnd, local: EpochEnd, endOffset: number): number {
  if (local.epoch === -1 || local.endOffset === -1) return Math.min(diverging.endOffset, endOffset);
  if (local.epoch !== diverging.epoch) return Math.min(local.endOffset, endOffset);
  return Math.min(local.endOffset, diverging.endOffset, endOffset);
}
