/** A partition as those see it who wait for what happens to it. The object is its identity. */
export interface WatchedPartition {
  /** Who follows it when this broker leads. */
  readonly leaderRole: { readonly followers: ReadonlyMap<number, unknown> } | undefined;
}

/**
 * What happened to a partition here.
 * - `end`: the log of a led partition grew by `bytes`: followers may fetch.
 * - `committed`: the high watermark moved up, and with `isStable` the last stable offset: consumers may fetch.
 * - `followed`: the high watermark of a follower moved up: consumers that read here may fetch.
 * - `role`: the role or its epoch changed: whoever waits on the partition must hear of it.
 * - `retired`: the same, and the partition is no longer hosted here.
 */
export type PartitionMoved =
  | { readonly what: 'end'; readonly partition: WatchedPartition; readonly bytes: number }
  | { readonly what: 'committed'; readonly partition: WatchedPartition; readonly isStable: boolean }
  | { readonly what: 'followed' | 'role' | 'retired'; readonly partition: WatchedPartition };
