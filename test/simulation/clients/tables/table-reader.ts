import { apis } from '../../../../engine/protocol/api-keys.ts';
import { batchesOf, decodeRecords, isBatchValid, readBatchHeader } from '../../../../engine/records/record-batch.ts';
import { errorCode } from '../errors.ts';
import { partitionName } from '../history.ts';
import type { KafkaClient } from '../kafka-client.ts';

const maxWaitMs = 100;
const bytesMax = 3_000;

/** What a reader made of a compacted topic that it read from zero. */
export interface ReadTable {
  /** The value of each key that the topic had, null where a tombstone was the last word. */
  readonly values: ReadonlyMap<string, string | null>;
  /** All that was committed below was read. */
  readonly endOffset: number;
}

/** Reads a partition of a compacted topic from zero to its present end, and makes a table of it. */
export class TableReader {
  readonly client: KafkaClient;

  constructor(client: KafkaClient) {
    this.client = client;
  }

  /** Undefined when the partition could not be read to its end. */
  async read(topic: string, partition: number): Promise<ReadTable | undefined> {
    const { client } = this;
    const values = new Map<string, string | null>();
    let endOffset = -1;
    for (let offset = 0; endOffset < 0 || offset < endOffset; ) {
      const row = await this.#fetch(topic, partition, offset);
      if (!row) {
        await client.refresh(topic);
        return undefined;
      }
      // To the end of all that was seen to be committed: a value that is missing may be so for one that came while this was read.
      endOffset = Math.max(endOffset, row.highWatermark);
      const before = offset;
      for (const batch of batchesOf(row.records ?? Buffer.alloc(0))) {
        const { baseOffset, lastOffset } = readBatchHeader(batch);
        const where = partitionName(topic, partition);
        if (!isBatchValid(batch))
          client.world.violate('agreement', `${client.name} got a broken batch of ${where} at ${baseOffset}`);
        if (lastOffset < offset)
          client.world.violate('order', `${client.name} asked for ${where} ${offset} and got ${baseOffset}`);
        for (const { key, value } of decodeRecords(batch))
          values.set(String(key), value === null ? null : String(value));
        offset = lastOffset + 1;
      }
      if (offset === before && offset < endOffset) return undefined;
    }
    return { values, endOffset };
  }

  async #fetch(topic: string, partition: number, fetchOffset: number) {
    const { client } = this;
    const leader = client.leaderOf(topic, partition);
    const topicId = client.topics.get(topic)?.id ?? '';
    if (!leader || leader.id === -1) return undefined;
    const asked = { partition, currentLeaderEpoch: leader.epoch, fetchOffset, partitionMaxBytes: bytesMax };
    const reply = await client.ask(
      leader.id,
      apis.fetch,
      {
        maxWaitMs,
        minBytes: 0,
        maxBytes: 1_000_000,
        topics: [{ topic, topicId, partitions: [asked] }],
        forgottenTopicsData: [],
      },
      { lane: `fetch-${topic}-${partition}` },
    );
    const row = reply?.responses[0]?.partitions[0];
    return row?.errorCode === errorCode.NONE ? row : undefined;
  }
}
