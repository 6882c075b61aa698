/** Broker settings that replication reads, under the names of the broker's settings. Times in ms, sizes in bytes. */
export interface ReplicaSettings {
  /** A follower that has not been level for this long leaves the in-sync set. */
  readonly replicaLagTimeMaxMs: number;
  /** Per partition of a follower's fetch. */
  readonly replicaFetchMaxBytes: number;
  /** Per response to a follower. */
  readonly replicaFetchResponseMaxBytes: number;
  readonly replicaFetchWaitMaxMs: number;
  readonly replicaFetchMinBytes: number;
  /** Longest wait after a failed fetch. */
  readonly replicaFetchBackoffMs: number;
  readonly replicaHighWatermarkCheckpointIntervalMs: number;
  readonly logRetentionCheckIntervalMs: number;
}
