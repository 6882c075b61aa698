import type { BrokerSettings } from '../configs/broker-settings.ts';

/** Settings as a broker has them by default, those that tests of handlers and of replication read. */
export const testSettings = {
  autoCreateTopicsEnable: true,
  numPartitions: 3,
  defaultReplicationFactor: 3,
  fetchMaxBytes: 57_671_680,
  maxIncrementalFetchSessionCacheSlots: 10,
  replicaLagTimeMaxMs: 30_000,
  replicaFetchMaxBytes: 1_048_576,
  replicaFetchResponseMaxBytes: 10_485_760,
  replicaFetchWaitMaxMs: 500,
  replicaFetchMinBytes: 1,
  replicaFetchBackoffMs: 1_000,
  replicaHighWatermarkCheckpointIntervalMs: 5_000,
  logRetentionCheckIntervalMs: 300_000,
} as BrokerSettings;
