/** One partition. Its id is its index in the topic. */
export interface PartitionRegistration {
  /** The first one is the preferred leader. */
  readonly replicas: readonly number[];
  /** Replicas that a reassignment under way puts here; they are among `replicas`. */
  readonly addingReplicas: readonly number[];
  /** Replicas that it takes away once the new ones are in sync; they are the last of `replicas`. */
  readonly removingReplicas: readonly number[];
  readonly isr: readonly number[];
  /** Replicas out of the in-sync set that still hold everything committed (KIP-966). */
  readonly elr: readonly number[];
  /** The last leader, remembered when neither in-sync nor eligible replicas are left. */
  readonly lastKnownElr: readonly number[];
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Counts every change of the partition. */
  readonly partitionEpoch: number;
  /** Whether the leader was elected uncleanly and has not recovered yet. */
  readonly isRecovering: boolean;
}

export interface TopicImage {
  readonly id: string;
  readonly name: string;
  readonly partitions: readonly PartitionRegistration[];
}

/** Topics, found either way. */
export interface TopicsImage {
  readonly byName: ReadonlyMap<string, TopicImage>;
  readonly byId: ReadonlyMap<string, TopicImage>;
}

export const noTopics: TopicsImage = { byName: new Map(), byId: new Map() };

/** How topics differ from those before. */
export interface TopicsChange {
  /** Names of topics that are new or of which a partition changed. */
  readonly changed: ReadonlySet<string>;
  /** Ids of topics that are gone. */
  readonly removed: ReadonlySet<string>;
}

/** The change between images of which the later one was loaded as a whole: each of its topics may differ. */
export function wholeTopicsChange(before: TopicsImage, after: TopicsImage): TopicsChange {
  const removed = [...before.byId.keys()].filter((id) => !after.byId.has(id));
  return { changed: new Set(after.byName.keys()), removed: new Set(removed) };
}
