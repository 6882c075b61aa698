import type { ImageChange } from '../../controller/image-change.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { CleanerStatus } from '../../log/cleaning/log-cleaner.ts';
import type { PartitionStatus } from '../../replica/partition-status.ts';
import { cleanerMetrics } from './cleaner-metrics.ts';
import type { Counter, MetricRegistry } from './metric-registry.ts';

export interface ClusterMetricsSource {
  readonly brokerId: number;
  readonly image: () => MetadataImage;
  readonly activeControllerId: () => number;
  readonly partitionStatus: () => readonly PartitionStatus[];
  readonly cleaner: () => CleanerStatus;
  readonly strayCount: () => number;
  readonly openFiles: () => number;
  readonly diskState: { readonly isWritable: boolean };
  readonly connectionCount: () => number;
  readonly isFenced: () => boolean;
}

/** What a broker shows of its cluster, its replicas and itself. Gauges are read when somebody asks. */
export class ClusterMetrics {
  /** In-sync sets that grew or shrank, by direction. */
  readonly isrChanges: Counter;
  readonly #brokerId: number;

  constructor(registry: MetricRegistry, source: ClusterMetricsSource) {
    this.#brokerId = source.brokerId;
    this.isrChanges = registry.counter(
      'millrace_isr_changes_total',
      'Changes of in-sync sets of partitions led here, by direction.',
      ['direction'],
    );
    const gauge = (name: string, help: string, read: () => number) =>
      registry.gauge(`millrace_${name}`, help, [], () => [[[], read()]]);
    gauge('active_controller', '1 on the active controller.', () =>
      Number(source.activeControllerId() === source.brokerId),
    );
    gauge('broker_fenced', '1 while the controller keeps this broker out of service.', () => Number(source.isFenced()));
    gauge('metadata_offset', 'Last metadata record that was applied.', () => source.image().offset);
    gauge('connections', 'Open connections of clients and brokers.', source.connectionCount);
    gauge('process_resident_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
    gauge('process_heap_used_bytes', 'JavaScript heap in use.', () => process.memoryUsage().heapUsed);
    cleanerMetrics(registry, source.cleaner);
    const led = () => source.partitionStatus().filter(({ isLeader }) => isLeader);
    gauge('partitions', 'Replicas hosted here.', () => source.partitionStatus().length);
    gauge('disk_writable', '0 while the data folder cannot be written.', () => Number(source.diskState.isWritable));
    gauge('log_files_open', 'Files that logs keep open.', source.openFiles);
    gauge('stray_folders', 'Partition folders that the metadata does not know: set aside and kept.', source.strayCount);
    gauge('leader_count', 'Partitions led here.', () => led().length);
    gauge(
      'under_replicated_partitions',
      'Partitions led here that lack an in-sync replica.',
      () => led().filter(({ isr, replicas }) => isr.length < replicas.length).length,
    );
    gauge('truncations_below_high_watermark_total', 'Times that committed records were cut: data loss.', () =>
      source.partitionStatus().reduce((sum, row) => sum + row.truncationsBelowHighWatermark, 0),
    );
    registry.gauge('millrace_log_size_bytes', 'Bytes of a replica on disk.', ['topic', 'partition'], function* () {
      for (const { topic, partition, sizeBytes } of source.partitionStatus()) yield [[topic, partition], sizeBytes];
    });
    registry.gauge('millrace_log_end_offset', 'End of a replica.', ['topic', 'partition'], function* () {
      for (const { topic, partition, endOffset } of source.partitionStatus()) yield [[topic, partition], endOffset];
    });
  }

  /** Counts in-sync sets that grew or shrank. */
  imageChanged(before: MetadataImage, after: MetadataImage, change: ImageChange): void {
    for (const name of change.topics.changed) {
      const old = before.topics.get(name)?.partitions;
      for (const [index, { leader, isr }] of (after.topics.get(name)?.partitions ?? []).entries()) {
        const oldSize = old?.[index]?.isr.length ?? isr.length;
        if (leader !== this.#brokerId || oldSize === isr.length) continue;
        this.isrChanges.add(1, isr.length > oldSize ? 'expand' : 'shrink');
      }
    }
  }
}
