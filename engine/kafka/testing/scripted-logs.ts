import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { LogRecord } from '../../records/record-batch.ts';
import { decodeRecords, readBatchHeader } from '../../records/record-batch.ts';
import { decompress } from '../../records/record-decompress.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';

interface ProducerEntry {
  epoch: number;
  /** The last batches: where each began and how long it was. */
  batches: { readonly sequence: number; readonly count: number; readonly offset: number }[];
}

/** One partition of a scripted topic, judged as Kafka's log judges. */
export interface ScriptedPartition {
  leader: number;
  leaderEpoch: number;
  readonly records: LogRecord[];
  readonly producers: Map<number, ProducerEntry>;
}

export interface ScriptedTopic {
  id: string;
  partitions: ScriptedPartition[];
  maxMessageBytes: number;
}

const batchesKept = 5;
let ids = 0;

/** Topics that a scripted cluster keeps in memory: Metadata, InitProducerId and Produce with Kafka's checks. */
export class ScriptedLogs {
  readonly topics = new Map<string, ScriptedTopic>();
  readonly #cluster: ScriptedCluster;
  #producerIds = 100;

  constructor(cluster: ScriptedCluster) {
    this.#cluster = cluster;
    cluster.on(apis.metadata, ({ body }) =>
      this.#metadata(body.topics?.map(({ name, topicId }) => name ?? this.#nameOf(topicId)) ?? null),
    );
    cluster.on(apis.initProducerId, () => ({
      throttleTimeMs: 0,
      errorCode: 0,
      producerId: this.#producerIds++,
      producerEpoch: 0,
    }));
    cluster.on(apis.produce, ({ broker, body }) => ({
      responses: body.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index, records }) => ({
          index,
          errorMessage: null,
          ...this.produce(broker, name, topicId, index, records!),
        })),
      })),
    }));
  }

  /** Makes a topic, or makes it anew: with another id and empty. */
  create(name: string, partitions = 1, maxMessageBytes = 1_048_588): ScriptedTopic {
    const { brokers } = this.#cluster;
    const topic = {
      id: Buffer.alloc(16, ++ids).toString('base64url'),
      maxMessageBytes,
      partitions: Array.from({ length: partitions }, (_, index) => ({
        leader: brokers[index % brokers.length]!,
        leaderEpoch: 0,
        records: [],
        producers: new Map(),
      })),
    };
    this.topics.set(name, topic);
    return topic;
  }

  move(topic: string, partition: number, leader: number): void {
    const moved = this.topics.get(topic)!.partitions[partition]!;
    moved.leader = leader;
    moved.leaderEpoch++;
  }

  values(topic: string, partition = 0): string[] {
    return this.topics.get(topic)!.partitions[partition]!.records.map(({ value }) => String(value));
  }

  produce(broker: number, name: string, topicId: string, index: number, records: Buffer) {
    const found = [...this.topics].find(([key, { id }]) => (name ? key === name : id === topicId))?.[1];
    if (!found) return refused(name ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : errorCode.UNKNOWN_TOPIC_ID);
    const partition = found.partitions[index];
    if (!partition) return refused(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
    if (partition.leader !== broker) return refused(errorCode.NOT_LEADER_OR_FOLLOWER);
    if (records.length > found.maxMessageBytes) return refused(errorCode.MESSAGE_TOO_LARGE);
    return append(partition, records);
  }

  #nameOf(id: string): string {
    return [...this.topics].find(([, topic]) => topic.id === id)?.[0] ?? '';
  }

  #metadata(names: readonly string[] | null) {
    const shown = names ?? [...this.topics.keys()];
    return {
      throttleTimeMs: 0,
      brokers: this.#cluster.brokers.map((id) => ({
        nodeId: id,
        host: `broker-${id}`,
        port: this.#cluster.portOf(id),
      })),
      clusterId: 'scripted',
      controllerId: this.#cluster.brokers[0]!,
      errorCode: 0,
      topics: shown.map((name) => {
        const topic = this.topics.get(name);
        return {
          name,
          topicId: topic?.id ?? 'A'.repeat(22),
          errorCode: topic ? 0 : errorCode.UNKNOWN_TOPIC_OR_PARTITION,
          partitions: (topic?.partitions ?? []).map(({ leader, leaderEpoch }, partitionIndex) => ({
            errorCode: 0,
            partitionIndex,
            leaderId: leader,
            leaderEpoch,
            replicaNodes: [...this.#cluster.brokers],
            isrNodes: [...this.#cluster.brokers],
            offlineReplicas: [],
          })),
        };
      }),
    };
  }
}

const refused = (code: number) => ({ errorCode: code, baseOffset: -1 });

function append(partition: ScriptedPartition, batch: Buffer) {
  const { producerId, producerEpoch, baseSequence, recordCount } = readBatchHeader(batch);
  const baseOffset = partition.records.length;
  if (producerId >= 0) {
    const entry = partition.producers.get(producerId);
    const last = entry?.batches.at(-1);
    if (entry && last) {
      if (producerEpoch < entry.epoch) return refused(errorCode.INVALID_PRODUCER_EPOCH);
      const repeated = entry.batches.find(({ sequence, count }) => sequence === baseSequence && count === recordCount);
      if (producerEpoch === entry.epoch && repeated) return { errorCode: 0, baseOffset: repeated.offset };
      const expected = producerEpoch > entry.epoch ? 0 : last.sequence + last.count;
      if (baseSequence !== expected) return refused(errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }
    const kept = entry && entry.epoch === producerEpoch ? entry.batches : [];
    const batches = [...kept, { sequence: baseSequence, count: recordCount, offset: baseOffset }].slice(-batchesKept);
    partition.producers.set(producerId, { epoch: producerEpoch, batches });
  }
  // Copied: the producer uses its buffer again.
  for (const record of decodeRecords(Buffer.from(batch), { decompress }))
    partition.records.push({ ...record, offset: partition.records.length });
  return { errorCode: 0, baseOffset };
}
