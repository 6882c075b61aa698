import type { MetadataImage } from '../../../controller/metadata-image.ts';
import type { GroupCoordinator } from '../../../group/group-coordinator.ts';
import type { PartitionStatus } from '../../../replica/partition-status.ts';
import type { ReplicaManager } from '../../../replica/replica-manager.ts';
import type { ClusterMetrics } from '../cluster-metrics.ts';
import type { MetricRegistry } from '../metric-registry.ts';
import type { ProcessFigures } from '../process-metrics.ts';
import { processMetrics } from '../process-metrics.ts';
import { controllerMetrics } from './controller-metrics.ts';
import type { GroupPosition } from './group-metrics.ts';
import { groupMetrics } from './group-metrics.ts';
import type { QuotaUse } from './quota-metrics.ts';
import { quotaMetrics } from './quota-metrics.ts';
import { replicaMetrics } from './replica-metrics.ts';
import { topicMetrics } from './topic-metrics.ts';

export interface KafkaMetricsSource {
  readonly brokerId: number;
  readonly image: () => MetadataImage;
  readonly activeControllerId: () => number;
  readonly isReady: () => boolean;
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
  readonly quotas: { usage(): readonly QuotaUse[] };
  readonly cluster: ClusterMetrics;
  readonly partitionStatus: () => readonly PartitionStatus[];
  readonly process: (() => ProcessFigures) | undefined;
}

/** What dashboards for Apache Kafka read, under the names that Prometheus' JMX exporter gives with its configuration for Kafka. */
export function kafkaMetrics(registry: MetricRegistry, source: KafkaMetricsSource): void {
  const { replicas, groups, image } = source;
  topicMetrics(registry, replicas.traffic, (topic) => image().topics.has(topic));
  replicaMetrics(registry, source.partitionStatus, source.cluster.isrChanges);
  controllerMetrics(registry, source);
  quotaMetrics(registry, () => source.quotas.usage());
  groupMetrics(registry, {
    positions: () => positionsOf(groups),
    groupCount: () => groups.list().groups.length,
    highWatermarkOf: (topic, partition) => replicas.hostedPartition(topic, partition)?.highWatermark,
  });
  if (source.process) processMetrics(registry, source.process);
}

function* positionsOf(groups: GroupCoordinator): Iterable<GroupPosition> {
  for (const { groupId } of groups.list().groups) {
    const { offsets } = groups.committedOffsets(groupId);
    for (const [topic, partitions] of offsets)
      for (const [partition, { offset }] of partitions) yield { groupId, topic, partition, offset: Number(offset) };
  }
}
