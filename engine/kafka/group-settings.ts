import type { FetchSettings } from './partition-fetcher.ts';
import { fetchDefaults } from './partition-fetcher.ts';

/** How a member of a consumer group reads. Names and defaults follow Kafka's consumer configuration. */
export interface GroupSettings extends FetchSettings {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** A member that is silent for longer loses its partitions. */
  readonly sessionWaitMsMax: number;
  readonly heartbeatIntervalMs: number;
  /** How long the group waits for its members to join anew. */
  readonly rebalanceWaitMsMax: number;
  readonly commitIntervalMs: number;
  /** Records of one partition that are handed out at a time; 1 keeps a partition's order through the whole process. */
  readonly partitionRecordsInFlightMax: number;
}

export const groupDefaults: Omit<GroupSettings, 'groupId' | 'topics'> = {
  ...fetchDefaults,
  sessionWaitMsMax: 30_000,
  heartbeatIntervalMs: 3_000,
  rebalanceWaitMsMax: 30_000,
  commitIntervalMs: 500,
  partitionRecordsInFlightMax: Number.POSITIVE_INFINITY,
};
