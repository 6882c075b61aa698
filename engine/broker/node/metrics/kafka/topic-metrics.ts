import type { TopicTraffics, TrafficCount } from '../../../replica/topic-traffic.ts';
import type { MetricRegistry } from '../metric-registry.ts';

/** Counters of Kafka's `BrokerTopicMetrics`, and what each is here. */
const counters: readonly (readonly [name: string, key: TrafficCount, help: string])[] = [
  ['messagesin', 'messagesIn', 'Records appended by producers.'],
  ['bytesin', 'bytesIn', 'Bytes appended by producers.'],
  ['bytesout', 'bytesOut', 'Bytes sent to consumers.'],
  ['replicationbytesin', 'replicationBytesIn', 'Bytes taken from leaders.'],
  ['replicationbytesout', 'replicationBytesOut', 'Bytes given to followers.'],
  ['totalproducerequests', 'produceRequests', 'Appends to single partitions.'],
  ['failedproducerequests', 'failedProduceRequests', 'Such appends that were refused.'],
  ['totalfetchrequests', 'fetchRequests', 'Reads of single partitions.'],
  ['failedfetchrequests', 'failedFetchRequests', 'Such reads that were refused.'],
];

/** What goes through topics, under the names that the usual exporter gives `kafka.server:type=BrokerTopicMetrics`. */
export function topicMetrics(
  registry: MetricRegistry,
  traffics: TopicTraffics,
  exists: (topic: string) => boolean,
): void {
  for (const [name, key, help] of counters) {
    registry.counts(
      `kafka_server_brokertopicmetrics_${name}_total`,
      `${help} Without a topic: of all.`,
      ['topic'],
      function* () {
        traffics.keep(exists);
        yield [[], traffics.total()[key]];
        for (const [topic, traffic] of traffics.entries()) yield [[topic], traffic[key]];
      },
    );
  }
}
