import type { FetchSettings } from './consumer/fetch-settings.ts';
import { fetchDefaults } from './consumer/fetch-settings.ts';
import type { AssignorName } from './groups/assignors.ts';

/** How a member of a consumer group reads. Names and defaults follow Kafka's consumer configuration. */
export interface GroupSettings extends FetchSettings {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Every topic whose whole name it matches is read too, also one that is made later. */
  readonly topicPattern?: RegExp | undefined;
  /** A group without a committed offset begins at the first record of this time or later (milliseconds since 1970), else by `startAt`. */
  readonly startAtMs?: number | undefined;
  /** Kafka's `group.instance.id`: the member keeps its partitions while it restarts within the session time (KIP-345). */
  readonly groupInstanceId?: string | undefined;
  /**
   * Kafka's `group.protocol`. `consumer`: the coordinator assigns, nobody stops for a rebalance (KIP-848); only where the cluster serves
   * it, from Apache Kafka 4.0 on. Members of both may be in one group.
   */
  readonly groupProtocol: 'classic' | 'consumer';
  /** Only with `consumer`: who assigns at the coordinator (`uniform`, `range`); its own choice if left out. */
  readonly serverAssignor?: string | undefined;
  /** `transactions`: settled offsets are committed by whoever takes them from `offsetsToCommit`, never by the consumer. */
  readonly commits: 'timer' | 'transactions';
  /**
   * Offered in this order; a group takes one that all members have. With only cooperative ones, partitions that stay are read
   * on during a rebalance; with any other among them, all members stop for it (as in Kafka's own client).
   */
  readonly assignors: readonly AssignorName[];
  /** A member that is silent for longer loses its partitions. */
  readonly sessionWaitMsMax: number;
  readonly heartbeatIntervalMs: number;
  /** How long the group waits for its members to join anew. */
  readonly rebalanceWaitMsMax: number;
  readonly commitIntervalMs: number;
  /** Records of one partition that are handed out at a time; 1 keeps a partition's order through the whole process. */
  readonly partitionRecordsInFlightMax: number;
  /** Records of one partition handed out behind one that is not settled: then nothing more is, and fetching pauses. */
  readonly partitionRecordsPendingMax: number;
  /** `start` waits this long for partitions; joining goes on afterwards. */
  readonly startWaitMsMax: number;
}

export const groupDefaults: Omit<GroupSettings, 'groupId' | 'topics'> = {
  ...fetchDefaults,
  groupProtocol: 'classic',
  commits: 'timer',
  assignors: ['roundrobin', 'range', 'cooperative-sticky'],
  sessionWaitMsMax: 30_000,
  heartbeatIntervalMs: 3_000,
  rebalanceWaitMsMax: 30_000,
  commitIntervalMs: 500,
  partitionRecordsInFlightMax: Number.POSITIVE_INFINITY,
  partitionRecordsPendingMax: 100_000,
  startWaitMsMax: 15_000,
};
