import { apis } from '../../../../engine/protocol/api-keys.ts';
import { batchesOf, decodeRecords, readBatchHeader } from '../../../../engine/records/record-batch.ts';
import { markerAt } from '../../../../engine/records/transaction-marker.ts';
import { errorCode } from '../errors.ts';
import type { Polled } from '../history.ts';
import { partitionName } from '../history.ts';
import type { KafkaClient } from '../kafka-client.ts';

/** What a reader of committed records found from an offset on. */
export interface CommittedFetch {
  readonly records: readonly Polled[];
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

const readCommitted = 1;
const maxWaitMs = 200;

/** Reads committed records as consumers do (read_committed): drops what the leader says was aborted, up to its marker. */
export class CommittedReader {
  readonly client: KafkaClient;
  readonly #version: number;

  constructor(client: KafkaClient) {
    this.client = client;
    this.#version = [4, 11, 13, 17][client.below(4)]!;
  }

  /** Undefined when there was no usable answer: look for the leader again. */
  async fetch(topic: string, partition: number, offset: number, maxBytes = 4_000): Promise<CommittedFetch | undefined> {
    const { client } = this;
    const leader = client.leaderOf(topic, partition);
    if (!leader || leader.id === -1) return undefined;
    const place = { partition, currentLeaderEpoch: leader.epoch, fetchOffset: offset, partitionMaxBytes: maxBytes };
    const topicId = client.topics.get(topic)?.id ?? '';
    const reply = await client.ask(
      leader.id,
      apis.fetch,
      {
        maxWaitMs,
        minBytes: 1,
        maxBytes: 1_000_000,
        isolationLevel: readCommitted,
        topics: [{ topic, topicId, partitions: [place] }],
        forgottenTopicsData: [],
      },
      { version: this.#version, lane: `fetch-${topic}-${partition}` },
    );
    const row = reply?.responses[0]?.partitions[0];
    if (!row || reply?.errorCode || row.errorCode !== errorCode.NONE) return undefined;
    const { highWatermark, lastStableOffset } = row;
    const found = this.#decode(row.records, row.abortedTransactions ?? [], {
      topic,
      partition,
      offset,
      lastStableOffset,
    });
    return { ...found, highWatermark, lastStableOffset };
  }

  #decode(
    bytes: Buffer | null,
    abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[],
    at: {
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      readonly lastStableOffset: number;
    },
  ): { readonly records: Polled[]; readonly nextOffset: number } {
    const { topic, partition, offset } = at;
    const { world, name } = this.client;
    const ahead = [...abortedTransactions].sort((a, b) => a.firstOffset - b.firstOffset);
    const aborted = new Set<number>();
    const records: Polled[] = [];
    let nextOffset = offset;
    for (const batch of batchesOf(bytes ?? Buffer.alloc(0))) {
      const { lastOffset, producerId, isControl, isTransactional } = readBatchHeader(batch);
      if (lastOffset >= at.lastStableOffset)
        world.violate(
          'transactions',
          `${name} got ${partitionName(topic, partition)} ${lastOffset}, what is decided ends at ${at.lastStableOffset}`,
        );
      nextOffset = lastOffset + 1;
      while (ahead[0] && ahead[0].firstOffset <= lastOffset) aborted.add(ahead.shift()!.producerId);
      if (isControl) {
        if (markerAt(batch, 0)?.isAbort) aborted.delete(producerId);
        continue;
      }
      if (isTransactional && aborted.has(producerId)) continue;
      for (const record of decodeRecords(batch))
        if (record.offset >= offset)
          records.push({ reader: name, topic, partition, offset: record.offset, value: String(record.value) });
    }
    return { records, nextOffset };
  }
}
