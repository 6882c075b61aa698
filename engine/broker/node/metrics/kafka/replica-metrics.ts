import type { PartitionStatus } from '../../../replica/partition-status.ts';
import type { Counter, MetricRegistry } from '../metric-registry.ts';

/** Replicas of this broker, under the names that the usual exporter gives `kafka.server:type=ReplicaManager`, `kafka.cluster` and `kafka.log`. */
export function replicaMetrics(
  registry: MetricRegistry,
  partitionStatus: () => readonly PartitionStatus[],
  isrChanges: Counter,
): void {
  const led = () => partitionStatus().filter(({ isLeader }) => isLeader);
  const gauges: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ['leadercount', 'Partitions led here.', () => led().length],
    ['partitioncount', 'Replicas hosted here.', () => partitionStatus().length],
    [
      'offlinereplicacount',
      'Replicas whose folder cannot be used: there is one folder, and without it no broker.',
      () => 0,
    ],
    [
      'underreplicatedpartitions',
      'Partitions led here that lack an in-sync replica.',
      () => countOf(led(), lacksReplica),
    ],
    [
      'underminisrpartitioncount',
      'Partitions led here with fewer in-sync replicas than acks=all needs.',
      () => countOf(led(), ({ isr, minInsyncReplicas }) => isr.length < minInsyncReplicas),
    ],
    [
      'atminisrpartitioncount',
      'Partitions led here with just as many.',
      () => countOf(led(), ({ isr, minInsyncReplicas }) => isr.length === minInsyncReplicas),
    ],
  ];
  for (const [name, help, read] of gauges)
    registry.gauge(`kafka_server_replicamanager_${name}`, help, [], () => [[[], read()]]);
  isrChangeMetrics(registry, isrChanges);
  registry.gauge(
    'kafka_server_delayedoperationpurgatory_purgatorysize',
    'Appends that wait for replicas.',
    ['delayedOperation'],
    () => [[['Produce'], partitionStatus().reduce((sum, { waitingAppends }) => sum + waitingAppends, 0)]],
  );
  ofEachPartition(registry, partitionStatus);
}

function isrChangeMetrics(registry: MetricRegistry, isrChanges: Counter): void {
  for (const [name, direction] of [
    ['isrshrinks', 'shrink'],
    ['isrexpands', 'expand'],
  ] as const)
    registry.counts(`kafka_server_replicamanager_${name}_total`, `In-sync sets that ${direction}.`, [], () => [
      [[], isrChanges.value(direction)],
    ]);
}

/** Numbers of single partitions; those of a leader only where it leads. */
function ofEachPartition(registry: MetricRegistry, partitionStatus: () => readonly PartitionStatus[]): void {
  const gauges: readonly (readonly [
    name: string,
    help: string,
    read: (row: PartitionStatus) => number,
    ofLeader?: true,
  ])[] = [
    [
      'kafka_cluster_partition_underreplicated',
      '1: an in-sync replica is missing.',
      (row) => Number(lacksReplica(row)),
      true,
    ],
    ['kafka_cluster_partition_insyncreplicascount', 'Replicas in sync.', ({ isr }) => isr.length, true],
    ['kafka_cluster_partition_replicascount', 'Replicas.', ({ replicas }) => replicas.length, true],
    [
      'kafka_cluster_partition_underminisr',
      '1: acks=all is refused.',
      ({ isr, minInsyncReplicas }) => Number(isr.length < minInsyncReplicas),
      true,
    ],
    ['kafka_log_log_size', 'Bytes on disk.', ({ sizeBytes }) => sizeBytes],
    ['kafka_log_log_logstartoffset', 'Where the log begins.', ({ startOffset }) => startOffset],
    ['kafka_log_log_logendoffset', 'Where the log ends.', ({ endOffset }) => endOffset],
  ];
  for (const [name, help, read, ofLeader] of gauges)
    registry.gauge(name, help, ['topic', 'partition'], function* () {
      for (const row of partitionStatus()) if (!ofLeader || row.isLeader) yield [[row.topic, row.partition], read(row)];
    });
}

function lacksReplica({ isr, replicas }: PartitionStatus): boolean {
  return isr.length < replicas.length;
}

function countOf<T>(rows: readonly T[], fits: (row: T) => boolean): number {
  return rows.reduce((count, row) => count + Number(fits(row)), 0);
}
