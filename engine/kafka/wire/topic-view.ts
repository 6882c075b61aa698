/** A partition as Metadata last told. */
export interface PartitionView {
  /** Broker id; -1 when there is none. */
  readonly leader: number;
  /** -1 where the broker is too old to tell (before Metadata 7). */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** A topic as Metadata last told. Frozen: a change makes a new view. */
export interface TopicView {
  readonly name: string;
  /** `zeroUuid` where the cluster gives topics no ids (before Metadata 10). */
  readonly id: string;
  readonly isInternal: boolean;
  /** By partition number. */
  readonly partitions: readonly PartitionView[];
}
