import type { MetadataImage } from '../../../controller/metadata-image.ts';
import type { MetricRegistry } from '../metric-registry.ts';

export interface ControllerMetricsSource {
  readonly brokerId: number;
  readonly image: () => MetadataImage;
  readonly activeControllerId: () => number;
  readonly isReady: () => boolean;
}

/** What the controllers know of the cluster, under the names that the usual exporter gives `kafka.controller:type=KafkaController`. */
export function controllerMetrics(registry: MetricRegistry, source: ControllerMetricsSource): void {
  const { image } = source;
  const partitions = function* () {
    for (const topic of image().topics.values()) yield* topic.partitions;
  };
  const count = (fits: (partition: { readonly leader: number; readonly replicas: readonly number[] }) => boolean) => {
    let found = 0;
    for (const partition of partitions()) if (fits(partition)) found++;
    return found;
  };
  const brokers = (isFenced: boolean) =>
    [...image().brokers.values()].filter(({ fenced }) => fenced === isFenced).length;
  const gauges: readonly (readonly [name: string, help: string, read: () => number])[] = [
    [
      'activecontrollercount',
      '1 on the active controller.',
      () => Number(source.activeControllerId() === source.brokerId),
    ],
    ['globaltopiccount', 'Topics of the cluster.', () => image().topics.size],
    ['globalpartitioncount', 'Partitions of the cluster.', () => count(() => true)],
    ['offlinepartitionscount', 'Partitions without a leader.', () => count(({ leader }) => leader === -1)],
    [
      'preferredreplicaimbalancecount',
      'Partitions that another replica leads than the first.',
      () => count(({ leader, replicas }) => leader !== replicas[0]),
    ],
    ['activebrokercount', 'Brokers in service.', () => brokers(false)],
    ['fencedbrokercount', 'Brokers that are registered and out of service.', () => brokers(true)],
    ['lastappliedrecordoffset', 'Last metadata record that was applied.', () => image().offset],
    ['metadataerrorcount', 'Metadata records that could not be applied: such a broker ends.', () => 0],
  ];
  for (const [name, help, read] of gauges)
    registry.gauge(`kafka_controller_kafkacontroller_${name}`, help, [], () => [[[], read()]]);
  registry.gauge('kafka_server_kafkaserver_brokerstate', '1 starting, 3 in service (KIP-631).', [], () => [
    [[], source.isReady() ? 3 : 1],
  ]);
}
