/**
 * The settings that handlers and the broker's parts read, under Kafka's names in lowerCamelCase
 * (`num.partitions` -> `numPartitions`). Declared with type, default and bounds in `node/config/settings.ts`.
 */
export interface BrokerSettings {
  /** Partitions of a topic that is created without a count. */
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly autoCreateTopicsEnable: boolean;
  readonly deleteTopicEnable: boolean;
  readonly uncleanLeaderElectionEnable: boolean;
  /** Largest record batch that a producer may send, in bytes. */
  readonly messageMaxBytes: number;
  /** Upper bound of one Fetch response, in bytes, whatever the client asks for. */
  readonly fetchMaxBytes: number;
  /** Fetch sessions (KIP-227) over all connections. */
  readonly maxIncrementalFetchSessionCacheSlots: number;
  readonly replicaLagTimeMaxMs: number;
  readonly replicaFetchMaxBytes: number;
  readonly replicaFetchResponseMaxBytes: number;
  readonly replicaFetchWaitMaxMs: number;
  readonly replicaFetchMinBytes: number;
  readonly replicaFetchBackoffMs: number;
  readonly replicaHighWatermarkCheckpointIntervalMs: number;
  readonly logRetentionCheckIntervalMs: number;
  /** Compaction: whether, rest between two looks in ms, bytes for keys and for reading. */
  readonly logCleanerEnable: boolean;
  readonly logCleanerBackoffMs: number;
  readonly logCleanerDedupeBufferSize: number;
  readonly logCleanerIoBufferSize: number;
  readonly producerIdExpirationMs: number;
  readonly offsetsTopicNumPartitions: number;
  readonly offsetsTopicReplicationFactor: number;
  readonly offsetsRetentionMinutes: number;
  readonly offsetsRetentionCheckIntervalMs: number;
  readonly offsetMetadataMaxBytes: number;
  readonly transactionStateLogNumPartitions: number;
  readonly transactionStateLogReplicationFactor: number;
  readonly transactionStateLogMinIsr: number;
  readonly transactionStateLogSegmentBytes: number;
  /** Longest transaction that a producer may ask for. */
  readonly transactionMaxTimeoutMs: number;
  readonly transactionalIdExpirationMs: number;
  readonly transactionRemoveExpiredTransactionCleanupIntervalMs: number;
  readonly groupInitialRebalanceDelayMs: number;
  readonly groupMinSessionTimeoutMs: number;
  readonly groupMaxSessionTimeoutMs: number;
  readonly groupMaxSize: number;
  readonly groupConsumerSessionTimeoutMs: number;
  readonly groupConsumerMinSessionTimeoutMs: number;
  readonly groupConsumerMaxSessionTimeoutMs: number;
  readonly groupConsumerHeartbeatIntervalMs: number;
  readonly groupConsumerMinHeartbeatIntervalMs: number;
  readonly groupConsumerMaxHeartbeatIntervalMs: number;
  readonly groupConsumerMaxSize: number;
  /** `uniform,range` */
  readonly groupConsumerAssignors: string;
  /** `bidirectional`, `upgrade`, `downgrade` or `disabled`. */
  readonly groupConsumerMigrationPolicy: string;
  readonly brokerHeartbeatIntervalMs: number;
  readonly brokerSessionTimeoutMs: number;
  readonly controllerQuorumElectionTimeoutMs: number;
  readonly controllerQuorumElectionBackoffMaxMs: number;
  /** Who chooses the replica that a consumer reads from; empty: it is the leader (KIP-392). */
  readonly replicaSelectorClass: string;
  readonly controllerQuorumFetchTimeoutMs: number;
  /** Whether a broker that is not among the voters becomes one by itself (KIP-853). */
  readonly controllerQuorumAutoJoinEnable: boolean;
  readonly controllerQuorumRequestTimeoutMs: number;
  readonly leaderImbalanceCheckIntervalSeconds: number;
  readonly metadataLogMaxRecordBytesBetweenSnapshots: number;
  readonly metadataLogSegmentBytes: number;
  /** Longest that a broker waits for its leaderships to move before it stops. */
  readonly controlledShutdownTimeoutMs: number;
  /** Largest request frame, in bytes. */
  readonly socketRequestMaxBytes: number;
  /** Requests of one connection that may be unanswered at a time; more stops the reading. */
  readonly connectionInFlightRequestsMax: number;
  /** Bytes of responses that one connection may have unsent before its requests are no longer read. */
  readonly connectionSendBufferBytesMax: number;
  /** Bytes of requests that have not arrived whole, over all connections; above it only the oldest of them is read on. */
  readonly queuedMaxRequestBytes: number;
  /** Bytes of responses that clients have not taken, over all connections; the nearer, the smaller are fetch responses. */
  readonly queuedMaxResponseBytes: number;
  /** Samples of a second or more that client quotas are measured over. */
  readonly quotaWindowNum: number;
  readonly quotaWindowSizeSeconds: number;
  /** Whether quotas of bytes let through a second's worth at a time, in place of a window's. */
  readonly quotaSmoothing: boolean;
  /** The same for the quota of changes that clients ask the controller for. */
  readonly controllerQuotaWindowNum: number;
  readonly controllerQuotaWindowSizeSeconds: number;
  /** Kafka's name of the authorizer; empty: there is none, and everything is allowed. */
  readonly authorizerClassName: string;
  /** `User:admin;User:ops` */
  readonly superUsers: string;
  readonly allowEveryoneIfNoAclFound: boolean;
  /** Largest request of a client that has not proved who it is, in bytes. */
  readonly saslServerMaxReceiveSize: number;
  readonly connectionFailedAuthenticationDelayMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly maxConnections: number;
}

/** One setting as DescribeConfigs and the documentation show it. */
export interface SettingDescription {
  /** Kafka's name: `num.partitions`. */
  readonly name: string;
  readonly type: 'boolean' | 'short' | 'int' | 'long' | 'double' | 'string' | 'list' | 'class';
  /** Null where it is not set and has no default. */
  readonly value: string | null;
  readonly isDefault: boolean;
  /** Whether IncrementalAlterConfigs takes it while brokers run; the value is then the one at the start. */
  readonly isDynamic: boolean;
  readonly doc: string;
}
