import type { MetricRegistry } from '../metric-registry.ts';

/** A committed offset of a group that this broker coordinates. */
export interface GroupPosition {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface GroupMetricsSource {
  readonly positions: () => Iterable<GroupPosition>;
  readonly groupCount: () => number;
  /** Offset below which consumers read; undefined for a partition that has no replica here. */
  readonly highWatermarkOf: (topic: string, partition: number) => number | undefined;
}

/** Groups that this broker coordinates: their number as Kafka has it, their lag as the usual exporter of lags names it. */
export function groupMetrics(
  registry: MetricRegistry,
  { positions, groupCount, highWatermarkOf }: GroupMetricsSource,
): void {
  const labels = ['consumergroup', 'topic', 'partition'];
  registry.gauge('kafka_coordinator_group_groupmetadatamanager_numgroups', 'Groups coordinated here.', [], () => [
    [[], groupCount()],
  ]);
  registry.gauge('kafka_consumergroup_current_offset', 'Committed offset of a group.', labels, function* () {
    for (const { groupId, topic, partition, offset } of positions()) yield [[groupId, topic, partition], offset];
  });
  registry.gauge(
    'kafka_consumergroup_lag',
    'Records behind the committed offset, where a replica of the partition is here.',
    labels,
    function* () {
      for (const { groupId, topic, partition, offset } of positions()) {
        const end = highWatermarkOf(topic, partition);
        if (end !== undefined) yield [[groupId, topic, partition], Math.max(0, end - offset)];
      }
    },
  );
}
