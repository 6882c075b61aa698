import { offsetsTopicName, transactionsTopicName } from '../../../protocol/system-topics.ts';
import type { BrokerSettings } from '../configs/broker-settings.ts';

/** A coordinator's topic as it is created, in Kafka's words: compacted, in small segments; undefined for any other name. */
export function internalTopicOf(name: string, settings: BrokerSettings) {
  switch (name) {
    case offsetsTopicName:
      return {
        name,
        numPartitions: settings.offsetsTopicNumPartitions,
        replicationFactor: settings.offsetsTopicReplicationFactor,
        assignments: [],
        configs: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'segment.bytes', value: String(100 * 1_048_576) },
          { name: 'compression.type', value: 'producer' },
        ],
      };
    case transactionsTopicName:
      return {
        name,
        numPartitions: settings.transactionStateLogNumPartitions,
        replicationFactor: settings.transactionStateLogReplicationFactor,
        assignments: [],
        configs: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'segment.bytes', value: String(settings.transactionStateLogSegmentBytes) },
          { name: 'compression.type', value: 'uncompressed' },
          { name: 'min.insync.replicas', value: String(settings.transactionStateLogMinIsr) },
          { name: 'unclean.leader.election.enable', value: 'false' },
        ],
      };
    default:
      return undefined;
  }
}
