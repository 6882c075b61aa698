import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import type { ScriptedCluster } from './scripted-cluster.ts';
import type { ScriptedLogs, ScriptedPartition } from './scripted-logs.ts';

/** Records of one batch that a fetch gives. */
const batchRecordsMax = 3;

/** Fetch and ListOffsets on the topics of `ScriptedLogs`, with the checks of Kafka's broker; a fetch that finds nothing waits for nothing. */
export class ScriptedReads {
  readonly #logs: ScriptedLogs;
  /** First offset that is still there, by `topic-partition`. */
  readonly starts = new Map<string, number>();
  /** Changes the bytes of a partition on their way: a damaged disk. */
  damage: (topic: string, partition: number, bytes: Buffer) => Buffer = (_topic, _partition, bytes) => bytes;
  /** Follower that leaders name for reading; undefined: none. */
  replica: number | undefined;
  /** Whether a refusal says who leads now (KIP-951). */
  givesHints = true;

  constructor(cluster: ScriptedCluster, logs: ScriptedLogs) {
    this.#logs = logs;
    cluster.on(apis.fetch, ({ broker, body }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      nodeEndpoints: cluster.brokers.map((id) => ({ nodeId: id, host: `broker-${id}`, port: cluster.portOf(id) })),
      responses: body.topics.map(({ topic, topicId, partitions }) => ({
        topic,
        topicId,
        partitions: partitions.map((asked) => this.#fetch(broker, topic, topicId, asked)),
      })),
    }));
    cluster.on(apis.listOffsets, ({ broker, body }) => ({
      throttleTimeMs: 0,
      topics: body.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          ...this.#offset(broker, name, partitionIndex, Number(timestamp)),
        })),
      })),
    }));
  }

  /** Puts records at the end of a partition. */
  append(topic: string, partition: number, ...values: readonly string[]): void {
    const { records } = this.#logs.topics.get(topic)!.partitions[partition]!;
    for (const value of values)
      records.push({ offset: records.length, timestamp: 1_000, key: null, value: Buffer.from(value), headers: [] });
  }

  #fetch(
    broker: number,
    name: string,
    topicId: string,
    asked: { readonly partition: number; readonly fetchOffset: number; readonly currentLeaderEpoch: number },
  ) {
    const row = { partitionIndex: asked.partition, highWatermark: -1, abortedTransactions: null, records: null };
    const found = [...this.#logs.topics].find(([key, { id }]) => (name ? key === name : id === topicId));
    if (!found) return { ...row, errorCode: name ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : errorCode.UNKNOWN_TOPIC_ID };
    const [topic, { partitions }] = found;
    const partition = partitions[asked.partition];
    if (!partition) return { ...row, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION };
    const refusal = this.#refusal(broker, partition, asked.currentLeaderEpoch);
    if (refusal !== undefined)
      return {
        ...row,
        errorCode: refusal,
        currentLeader: this.givesHints ? { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } : {},
      };
    const start = this.starts.get(`${topic}-${asked.partition}`) ?? 0;
    const end = partition.records.length;
    if (asked.fetchOffset < start || asked.fetchOffset > end)
      return { ...row, errorCode: errorCode.OFFSET_OUT_OF_RANGE };
    const ends = { highWatermark: end, lastStableOffset: end, errorCode: 0 };
    if (this.replica !== undefined && broker !== this.replica)
      return { ...row, ...ends, preferredReadReplica: this.replica, records: Buffer.alloc(0) };
    const bytes = bytesFrom(partition, asked.fetchOffset);
    return { ...row, ...ends, records: this.damage(topic, asked.partition, bytes) };
  }

  #refusal(broker: number, { leader, leaderEpoch }: ScriptedPartition, epoch: number): number | undefined {
    if (broker !== leader && broker !== this.replica) return errorCode.NOT_LEADER_OR_FOLLOWER;
    if (epoch >= 0 && epoch < leaderEpoch) return errorCode.FENCED_LEADER_EPOCH;
    return undefined;
  }

  #offset(broker: number, topic: string, index: number, timestamp: number) {
    const partition = this.#logs.topics.get(topic)?.partitions[index];
    if (!partition) return { errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION };
    if (partition.leader !== broker) return { errorCode: errorCode.NOT_LEADER_OR_FOLLOWER };
    const start = this.starts.get(`${topic}-${index}`) ?? 0;
    if (timestamp >= 0)
      return { errorCode: 0, offset: partition.records.findIndex((record) => Number(record.timestamp) >= timestamp) };
    return { errorCode: 0, offset: timestamp === -2 ? start : partition.records.length };
  }
}

/** A few records from an offset on, in batches whose first may begin before it, as on disk. */
function bytesFrom({ records }: ScriptedPartition, offset: number): Buffer {
  const batches: Buffer[] = [];
  for (let base = offset - (offset % batchRecordsMax); base < records.length; base += batchRecordsMax) {
    const batch = records.slice(base, base + batchRecordsMax);
    batches.push(encodeBatch({ records: batch, baseTimestamp: 1_000, baseOffset: base }));
  }
  return Buffer.concat(batches);
}
