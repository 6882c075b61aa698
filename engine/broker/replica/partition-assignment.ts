import type { LogConfig } from '../log/log-config.ts';

/** What the committed metadata says about one partition that this broker hosts. */
export interface PartitionAssignment {
  readonly topic: string;
  /** Base64url uuid; never changes while the topic lives, so it tells a re-created topic from the old one (KIP-516). */
  readonly topicId: string;
  readonly partition: number;
  /** Broker ids, preferred leader first. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 when the partition has no leader. */
  readonly leader: number;
  /** Raised at every election. */
  readonly leaderEpoch: number;
  /** Raised at every change of the partition's record. */
  readonly partitionEpoch: number;
  readonly config: LogConfig;
  /** The partition is no longer hosted here: its data is removed. */
  readonly removed?: boolean;
}

/** Names a partition in maps, folders and log lines: `orders-0`. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
