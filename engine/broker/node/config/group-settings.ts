import { assignorNames, isMigrationPolicy, migrationPolicies } from '../../group/consumer/consumer-settings.ts';
import type { ClusterShape } from './setting.ts';
import { intSetting, textSetting } from './setting.ts';

const replicasUpTo3 = ({ brokers }: ClusterShape) => Math.max(1, Math.min(3, brokers));
const ms = { min: 1, unit: 'ms' };
const longMs = { ...ms, type: 'long' } as const;

/** Settings of groups, of both protocols, and of the topic that they are kept in. */
export const groupSettings = {
  offsetsTopicNumPartitions: intSetting(
    'offsets.topic.num.partitions',
    8,
    { min: 1, max: 1_000, unit: 'partitions' },
    'Partitions of __consumer_offsets when it is created; must not change afterwards.',
  ),
  offsetsTopicReplicationFactor: intSetting(
    'offsets.topic.replication.factor',
    replicasUpTo3,
    { type: 'short', min: 1, max: 32_767, unit: 'replicas' },
    'Replicas of __consumer_offsets.',
  ),
  offsetsRetentionMinutes: intSetting(
    'offsets.retention.minutes',
    10_080,
    { min: 1, unit: 'minutes' },
    'Committed offsets of a group without members are kept this long.',
  ),
  offsetsRetentionCheckIntervalMs: intSetting(
    'offsets.retention.check.interval.ms',
    600_000,
    longMs,
    'How often expired offsets are looked for.',
  ),
  offsetMetadataMaxBytes: intSetting(
    'offset.metadata.max.bytes',
    4_096,
    { min: 0, unit: 'bytes' },
    'Longest text that a client may store beside a committed offset.',
  ),
  groupInitialRebalanceDelayMs: intSetting(
    'group.initial.rebalance.delay.ms',
    0,
    { min: 0, unit: 'ms' },
    'Wait for more members before the first rebalance of an empty group.',
  ),
  groupMinSessionTimeoutMs: intSetting(
    'group.min.session.timeout.ms',
    1_000,
    ms,
    'Shortest session timeout that a consumer may ask for.',
  ),
  groupMaxSessionTimeoutMs: intSetting(
    'group.max.session.timeout.ms',
    1_800_000,
    ms,
    'Longest session timeout that a consumer may ask for.',
  ),
  groupMaxSize: intSetting('group.max.size', 1_000, { min: 1, unit: 'members' }, 'Members of one consumer group.'),
  groupConsumerSessionTimeoutMs: intSetting(
    'group.consumer.session.timeout.ms',
    45_000,
    ms,
    'A member of a group of the consumer protocol that is not heard of for this long is taken out.',
  ),
  groupConsumerMinSessionTimeoutMs: intSetting(
    'group.consumer.min.session.timeout.ms',
    45_000,
    ms,
    'Shortest session timeout that a group of the consumer protocol may be given for itself.',
  ),
  groupConsumerMaxSessionTimeoutMs: intSetting(
    'group.consumer.max.session.timeout.ms',
    60_000,
    ms,
    'Longest session timeout that a group of the consumer protocol may be given for itself.',
  ),
  groupConsumerHeartbeatIntervalMs: intSetting(
    'group.consumer.heartbeat.interval.ms',
    5_000,
    ms,
    'How often members of groups of the consumer protocol are told to send a heartbeat.',
  ),
  groupConsumerMinHeartbeatIntervalMs: intSetting(
    'group.consumer.min.heartbeat.interval.ms',
    5_000,
    ms,
    'Shortest interval of heartbeats that a group of the consumer protocol may be given for itself.',
  ),
  groupConsumerMaxHeartbeatIntervalMs: intSetting(
    'group.consumer.max.heartbeat.interval.ms',
    15_000,
    ms,
    'Longest interval of heartbeats that a group of the consumer protocol may be given for itself.',
  ),
  groupConsumerMaxSize: intSetting(
    'group.consumer.max.size',
    1_000,
    { min: 1, unit: 'members' },
    'Members of one group of the consumer protocol.',
  ),
  groupConsumerAssignors: textSetting(
    'group.consumer.assignors',
    'list',
    'uniform,range',
    'Assignors of the coordinator for groups of the consumer protocol; the first is taken where no member asks for one.',
    assignorsFault,
  ),
  groupConsumerMigrationPolicy: textSetting(
    'group.consumer.migration.policy',
    'string',
    'bidirectional',
    'Whether groups change between the classic and the consumer protocol while members run.',
    (text) => (isMigrationPolicy(text) ? undefined : `one of ${migrationPolicies.join(', ')}`),
  ),
};

function assignorsFault(text: string): string | undefined {
  const names = text.split(',').map((name) => name.trim());
  const isKnown = names.length > 0 && names.every((name) => assignorNames.includes(name));
  return isKnown ? undefined : `a list of ${assignorNames.join(', ')}`;
}
