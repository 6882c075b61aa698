import type { ClusterMetricsSource } from './cluster-metrics.ts';
import { ClusterMetrics } from './cluster-metrics.ts';
import type { KafkaMetricsSource } from './kafka/kafka-metrics.ts';
import { kafkaMetrics } from './kafka/kafka-metrics.ts';
import type { MetricRegistry } from './metric-registry.ts';

/** What a broker lends its metrics. */
type BrokerMetricsSource = Omit<KafkaMetricsSource, 'cluster' | 'partitionStatus'> &
  Pick<ClusterMetricsSource, 'diskState' | 'connectionCount' | 'isFenced'>;

/** All that a broker shows of itself and its cluster, under our names and under those of Kafka's exporter. */
export function brokerMetrics(registry: MetricRegistry, source: BrokerMetricsSource): ClusterMetrics {
  const { replicas } = source;
  const partitionStatus = oncePerPage(() => replicas.partitionStatus());
  const cluster = new ClusterMetrics(registry, {
    ...source,
    partitionStatus,
    cleaner: () => replicas.cleanerStatus,
    openFiles: () => replicas.openFiles,
    strayCount: () => replicas.strayCount,
  });
  kafkaMetrics(registry, { ...source, cluster, partitionStatus });
  return cluster;
}

/** A page is written in one turn and asks many times: what it is told is made once, and let go of behind it. */
function oncePerPage<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    if (made) return made.value;
    made = { value: make() };
    queueMicrotask(() => {
      made = undefined;
    });
    return made.value;
  };
}
