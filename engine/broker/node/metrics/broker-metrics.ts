import type { ClusterMetricsSource } from './cluster-metrics.ts';
import { ClusterMetrics } from './cluster-metrics.ts';
import type { KafkaMetricsSource } from './kafka/kafka-metrics.ts';
import { kafkaMetrics } from './kafka/kafka-metrics.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** What a broker lends its metrics. */
type BrokerMetricsSource = Omit<KafkaMetricsSource, 'cluster'> &
  Pick<ClusterMetricsSource, 'diskState' | 'connectionCount' | 'isFenced'>;

/** All that a broker shows of itself and its cluster, under our names and under those of Kafka's exporter. */
export function brokerMetrics(registry: MetricRegistry, source: BrokerMetricsSource): ClusterMetrics {
  const { replicas } = source;
  const cluster = new ClusterMetrics(registry, {
    ...source,
    partitionStatus: () => replicas.partitionStatus(),
    cleaner: () => replicas.cleanerStatus,
    openFiles: () => replicas.openFiles,
    strayCount: () => replicas.strayCount,
  });
  kafkaMetrics(registry, { ...source, cluster });
  return cluster;
}
