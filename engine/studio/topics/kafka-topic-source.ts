import type { ListedTopic } from '../../kafka/admin/list-topics-in-full.ts';
import { KafkaAdmin } from '../../kafka/admin.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { fetchDefaults, PartitionFetcher } from '../../kafka/partition-fetcher.ts';
import { KafkaProducer } from '../../kafka/producer.ts';
import type { TopicSummary } from '../contract.ts';
import type { MessageToProduce, PartitionBounds, TopicSource, TopicToCreate } from './topic-source.ts';

/** A person waits: a produce that no broker takes in this time has failed. */
const produceWaitMsMax = 15_000;
/** Bytes of one partition fetched at once: enough for a page, small enough to page through a topic of large messages. */
const browseFetchBytesMax = 512 * 1024;

/** Topics of the cluster behind a Kafka Connection. Clients open with first use; nothing is committed and no group is left behind. */
export class KafkaTopicSource implements TopicSource {
  readonly #connection: KafkaConnection;
  #admin: KafkaAdmin | undefined;
  #producer: KafkaProducer | undefined;
  #finder: PartitionFetcher | undefined;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  async list(): Promise<TopicSummary[]> {
    return (await this.#openAdmin().listTopicsInFull()).map(summaryOf);
  }

  async create({ name, partitions, replicationFactor, configs }: TopicToCreate): Promise<void> {
    await this.#openAdmin().createTopic({ name, partitions, replicas: replicationFactor, config: configs });
  }

  async delete(name: string): Promise<void> {
    await this.#openAdmin().deleteTopic(name);
  }

  async bounds(topic: string, partition?: number): Promise<PartitionBounds[]> {
    const finder = this.#openFinder();
    const partitions = partition === undefined ? await finder.partitionsOf(topic) : [partition];
    const [starts, ends] = await Promise.all([
      finder.offsetsAt(topic, partitions, -2),
      finder.offsetsAt(topic, partitions, -1),
    ]);
    return partitions.map((each) => ({ partition: each, start: starts.get(each) ?? 0, end: ends.get(each) ?? 0 }));
  }

  async offsetsAtTime(topic: string, timestampMs: number, partition?: number): Promise<PartitionBounds[]> {
    const bounds = await this.bounds(topic, partition);
    const at = await this.#openFinder().offsetsAt(
      topic,
      bounds.map((each) => each.partition),
      timestampMs,
    );
    return bounds.map(({ partition: each, end }) => {
      const found = at.get(each) ?? -1;
      return { partition: each, start: found < 0 ? end : found, end };
    });
  }

  readFrom(
    topic: string,
    offsets: readonly { readonly partition: number; readonly offset: number }[],
    onRecords: () => void,
  ) {
    const settings = { ...fetchDefaults, startAt: 'earliest', partitionFetchBytesMax: browseFetchBytesMax } as const;
    const fetcher = new PartitionFetcher(this.#connection, settings, onRecords);
    const feeds = offsets.map(({ partition, offset }) => fetcher.add(topic, partition, offset));
    let turn = 0;
    return {
      next: () => {
        for (let tried = 0; tried < feeds.length; tried++) {
          const record = feeds[(turn + tried) % feeds.length]!.take();
          if (!record) continue;
          turn = (turn + tried + 1) % feeds.length;
          fetcher.wake();
          return record;
        }
        return undefined;
      },
      failure: (partition: number) => feeds.find((feed) => feed.partition === partition)?.failure,
      position: (partition: number) => feeds.find((feed) => feed.partition === partition)?.position ?? 0,
      close: () => fetcher.close(),
    };
  }

  async produce({
    topic,
    partition,
    key,
    value,
    headers,
  }: MessageToProduce): Promise<{ partition: number; offset: number }> {
    this.#producer ??= new KafkaProducer(this.#connection, { deliveryWaitMsMax: produceWaitMsMax });
    const sent = await this.#producer.send({
      topic,
      partition,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: headers.map((header) => ({ key: header.key, value: Buffer.from(header.value) })),
    });
    return { partition: sent.partition, offset: sent.offset ?? -1 };
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#admin?.close(), this.#producer?.close(), this.#finder?.close()]);
  }

  #openAdmin(): KafkaAdmin {
    this.#admin ??= new KafkaAdmin(this.#connection);
    return this.#admin;
  }

  #openFinder(): PartitionFetcher {
    this.#finder ??= new PartitionFetcher(
      this.#connection,
      { ...fetchDefaults, isolation: 'read_committed' },
      () => {},
    );
    return this.#finder;
  }
}

function summaryOf({ name, id, partitions, sizeBytes }: ListedTopic): TopicSummary {
  const known = partitions.every(({ startOffset, endOffset }) => startOffset >= 0 && endOffset >= 0);
  return {
    name,
    id,
    isInternal: name.startsWith('__'),
    partitions: partitions.map(({ partition, leader, replicas, isr, startOffset, endOffset }) => ({
      partition,
      leader,
      replicas: [...replicas],
      isr: [...isr],
      startOffset: startOffset < 0 ? null : startOffset,
      endOffset: endOffset < 0 ? null : endOffset,
    })),
    messageCount: known
      ? partitions.reduce((sum, { startOffset, endOffset }) => sum + endOffset - startOffset, 0)
      : null,
    sizeBytes: sizeBytes ?? null,
  };
}
