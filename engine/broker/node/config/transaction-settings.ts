import type { ClusterShape } from './setting.ts';
import { intSetting } from './setting.ts';

const mebibyte = 1_048_576;
const ms = { min: 1, unit: 'ms' };
const replicasUpTo3 = ({ brokers }: ClusterShape) => Math.max(1, Math.min(3, brokers));

/** Settings of transactions, and of the topic that they are kept in. */
export const transactionSettings = {
  transactionStateLogNumPartitions: intSetting(
    'transaction.state.log.num.partitions',
    8,
    { min: 1, max: 1_000, unit: 'partitions' },
    'Partitions of __transaction_state when it is created; must not change afterwards.',
  ),
  transactionStateLogReplicationFactor: intSetting(
    'transaction.state.log.replication.factor',
    replicasUpTo3,
    { type: 'short', min: 1, max: 32_767, unit: 'replicas' },
    'Replicas of __transaction_state.',
  ),
  transactionStateLogMinIsr: intSetting(
    'transaction.state.log.min.isr',
    ({ brokers }) => (brokers >= 3 ? 2 : 1),
    { min: 1, unit: 'replicas' },
    'Replicas that must have the state of a transaction before its producer is answered.',
  ),
  transactionStateLogSegmentBytes: intSetting(
    'transaction.state.log.segment.bytes',
    100 * mebibyte,
    { min: 1, unit: 'bytes' },
    'Size of a segment of __transaction_state when it is created.',
  ),
  transactionMaxTimeoutMs: intSetting(
    'transaction.max.timeout.ms',
    900_000,
    ms,
    'Longest transaction that a producer may ask for.',
  ),
  transactionalIdExpirationMs: intSetting(
    'transactional.id.expiration.ms',
    604_800_000,
    ms,
    'A transactional id that has had no open transaction for this long is forgotten.',
  ),
  transactionRemoveExpiredTransactionCleanupIntervalMs: intSetting(
    'transaction.remove.expired.transaction.cleanup.interval.ms',
    3_600_000,
    ms,
    'How often expired transactional ids are looked for.',
  ),
};
