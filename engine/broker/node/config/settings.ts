import type { BrokerSettings } from '../../api/configs/broker-settings.ts';
import { superUsersIn } from '../../security/super-users.ts';
import { groupSettings } from './group-settings.ts';
import { loadSettings } from './load-settings.ts';
import type { ClusterShape } from './setting.ts';
import { booleanSetting, intSetting, textSetting } from './setting.ts';
import { transactionSettings } from './transaction-settings.ts';

const mebibyte = 1_048_576;
const ms = { min: 1, unit: 'ms' };
const longMs = { ...ms, type: 'long' } as const;
const replicasUpTo3 = ({ brokers }: ClusterShape) => Math.max(1, Math.min(3, brokers));

const standardAuthorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
/** Kafka's own choice of replicas by rack (KIP-392). */
const rackAwareSelector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

/**
 * Every setting of a broker that is not a default of its topics (those: `topic-defaults.ts`). Names and meanings are
 * Apache Kafka's; defaults differ where a cluster on one desk wants quicker failover and fewer files.
 */
export const settingDeclarations = {
  numPartitions: intSetting(
    'num.partitions',
    3,
    { min: 1, max: 10_000, unit: 'partitions' },
    'Partitions of a topic that is created without a count.',
  ),
  defaultReplicationFactor: intSetting(
    'default.replication.factor',
    replicasUpTo3,
    { min: 1, max: 32_767, unit: 'replicas' },
    'Replicas of a topic that is created without a count.',
  ),
  minInsyncReplicas: intSetting(
    'min.insync.replicas',
    ({ brokers }) => (brokers >= 3 ? 2 : 1),
    { min: 1, unit: 'replicas' },
    'Replicas that must have a record before acks=all is answered, where the topic does not say.',
  ),
  autoCreateTopicsEnable: booleanSetting(
    'auto.create.topics.enable',
    true,
    'Whether asking for the metadata of a missing topic creates it, when the client allows that.',
  ),
  deleteTopicEnable: booleanSetting('delete.topic.enable', true, 'Whether topics can be deleted.'),
  uncleanLeaderElectionEnable: booleanSetting(
    'unclean.leader.election.enable',
    false,
    'Whether a replica outside the in-sync set may lead, at the price of lost records.',
  ),
  messageMaxBytes: intSetting(
    'message.max.bytes',
    mebibyte + 12,
    { min: 0, unit: 'bytes' },
    'Largest record batch after compression, where the topic does not say.',
  ),
  fetchMaxBytes: intSetting(
    'fetch.max.bytes',
    55 * mebibyte,
    { min: 1_024, unit: 'bytes' },
    'Upper bound of one fetch response, whatever the client asks for.',
  ),
  maxIncrementalFetchSessionCacheSlots: intSetting(
    'max.incremental.fetch.session.cache.slots',
    1_000,
    { min: 0, unit: 'sessions' },
    'Incremental fetch sessions kept at a time (KIP-227).',
  ),
  replicaLagTimeMaxMs: intSetting(
    'replica.lag.time.max.ms',
    10_000,
    longMs,
    'A follower that has not caught up with the end of the log for this long leaves the in-sync set.',
  ),
  replicaFetchMaxBytes: intSetting(
    'replica.fetch.max.bytes',
    4 * mebibyte,
    { min: 0, unit: 'bytes' },
    'Bytes of one partition in a follower fetch; one batch may exceed it.',
  ),
  replicaFetchResponseMaxBytes: intSetting(
    'replica.fetch.response.max.bytes',
    10 * mebibyte,
    { min: 0, unit: 'bytes' },
    'Bytes of a whole follower fetch; one batch may exceed it.',
  ),
  replicaFetchWaitMaxMs: intSetting(
    'replica.fetch.wait.max.ms',
    500,
    ms,
    'Longest that a leader holds a follower fetch which finds nothing new. Must be below replica.lag.time.max.ms.',
  ),
  replicaFetchMinBytes: intSetting(
    'replica.fetch.min.bytes',
    1,
    { min: 0, unit: 'bytes' },
    'Bytes that end the wait of a follower fetch.',
  ),
  replicaFetchBackoffMs: intSetting(
    'replica.fetch.backoff.ms',
    200,
    ms,
    'Wait before a follower fetches again after an error.',
  ),
  replicaHighWatermarkCheckpointIntervalMs: intSetting(
    'replica.high.watermark.checkpoint.interval.ms',
    5_000,
    longMs,
    'How often high watermarks are written to disk.',
  ),
  logRetentionCheckIntervalMs: intSetting(
    'log.retention.check.interval.ms',
    60_000,
    longMs,
    'How often old segments are looked for.',
  ),
  logCleanerEnable: booleanSetting(
    'log.cleaner.enable',
    true,
    'Whether topics with cleanup.policy=compact are compacted; the offsets of groups are one of them.',
  ),
  logCleanerBackoffMs: intSetting(
    'log.cleaner.backoff.ms',
    15_000,
    { ...longMs, isDynamic: true },
    'Rest between two looks for something to compact.',
  ),
  logCleanerDedupeBufferSize: intSetting(
    'log.cleaner.dedupe.buffer.size',
    32 * mebibyte,
    { type: 'long', min: mebibyte, unit: 'bytes', isDynamic: true },
    'Memory for the keys of the log that is compacted, 24 bytes each; taken only while it is, and only as much as it needs.',
  ),
  logCleanerIoBufferSize: intSetting(
    'log.cleaner.io.buffer.size',
    524_288,
    { min: 1_024, unit: 'bytes', isDynamic: true },
    'Bytes that compaction reads, and writes, at a time.',
  ),
  producerIdExpirationMs: intSetting(
    'producer.id.expiration.ms',
    86_400_000,
    { ...ms, isDynamic: true },
    'A producer id that has not written for this long is forgotten.',
  ),
  ...transactionSettings,
  ...groupSettings,
  brokerHeartbeatIntervalMs: intSetting(
    'broker.heartbeat.interval.ms',
    500,
    ms,
    'How often a broker tells the controller that it lives.',
  ),
  brokerSessionTimeoutMs: intSetting(
    'broker.session.timeout.ms',
    3_000,
    ms,
    'A broker that has not been heard for this long is fenced and loses its leaderships.',
  ),
  controllerQuorumElectionTimeoutMs: intSetting(
    'controller.quorum.election.timeout.ms',
    1_000,
    ms,
    'Longest that a candidate waits for votes before it tries again.',
  ),
  controllerQuorumElectionBackoffMaxMs: intSetting(
    'controller.quorum.election.backoff.max.ms',
    300,
    ms,
    'Longest random wait before an election is repeated.',
  ),
  controllerQuorumFetchTimeoutMs: intSetting(
    'controller.quorum.fetch.timeout.ms',
    2_000,
    ms,
    'A follower that reaches no leader, and a leader that is reached by no majority, gives up after this long.',
  ),
  controllerQuorumAutoJoinEnable: booleanSetting(
    'controller.quorum.auto.join.enable',
    false,
    'Whether a broker that is not among the voters of the controller quorum asks to become one.',
  ),
  controllerQuorumRequestTimeoutMs: intSetting(
    'controller.quorum.request.timeout.ms',
    1_000,
    ms,
    'Longest wait for the answer of another voter.',
  ),
  leaderImbalanceCheckIntervalSeconds: intSetting(
    'leader.imbalance.check.interval.seconds',
    30,
    { type: 'long', min: 1, unit: 's' },
    'How often leaderships are given back to the preferred leaders.',
  ),
  metadataLogMaxRecordBytesBetweenSnapshots: intSetting(
    'metadata.log.max.record.bytes.between.snapshots',
    20 * mebibyte,
    { type: 'long', min: 1, unit: 'bytes' },
    'Bytes of committed metadata records after which a snapshot takes their place.',
  ),
  metadataLogSegmentBytes: intSetting(
    'metadata.log.segment.bytes',
    8 * mebibyte,
    { min: 12, unit: 'bytes' },
    'Size of a segment of the metadata log: what a snapshot has replaced goes segment by segment.',
  ),
  controlledShutdownTimeoutMs: intSetting(
    'controlled.shutdown.timeout.ms',
    3_000,
    ms,
    'Longest that a broker waits for its leaderships to move before it stops.',
  ),
  ...loadSettings,
  connectionsMaxIdleMs: intSetting(
    'connections.max.idle.ms',
    600_000,
    longMs,
    'A connection that has sent nothing for this long is closed.',
  ),
  replicaSelectorClass: textSetting(
    'replica.selector.class',
    'class',
    '',
    "Which replica a consumer is sent to: Kafka's RackAwareReplicaSelector sends it to one of its rack; without one it reads from the leader.",
    (text) => (text === '' || text === rackAwareSelector ? undefined : `nothing or ${rackAwareSelector}`),
  ),
  authorizerClassName: textSetting(
    'authorizer.class.name',
    'class',
    '',
    "Who decides what clients may do: Kafka's StandardAuthorizer by the rules in the metadata; without one everything is allowed.",
    (text) => (text === '' || text === standardAuthorizer ? undefined : `nothing or ${standardAuthorizer}`),
  ),
  superUsers: textSetting(
    'super.users',
    'string',
    '',
    'Who may do everything whatever the rules say: principals with semicolons between them, User:admin;User:ops.',
    (text) => (superUsersIn(text).every((user) => user.includes(':')) ? undefined : 'principals like User:admin'),
  ),
  allowEveryoneIfNoAclFound: booleanSetting(
    'allow.everyone.if.no.acl.found',
    false,
    'Whether everybody may do what no rule is about.',
  ),
  saslServerMaxReceiveSize: intSetting(
    'sasl.server.max.receive.size',
    524_288,
    { min: 1_024, unit: 'bytes' },
    'Largest request of a client that has not proved who it is.',
  ),
  connectionFailedAuthenticationDelayMs: intSetting(
    'connection.failed.authentication.delay.ms',
    100,
    { min: 0, unit: 'ms' },
    'Wait before a client is told that it could not prove who it is.',
  ),
  maxConnections: intSetting(
    'max.connections',
    10_000,
    { min: 1, unit: 'connections', isDynamic: true },
    'Connections at a time; further ones are closed at once.',
  ),
} satisfies { readonly [Name in keyof BrokerSettings]: unknown };
