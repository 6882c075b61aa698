import { apis } from '../../../engine/protocol/api-keys.ts';
import { batchesOf, decodeRecords, isBatchValid, readBatchHeader } from '../../../engine/records/record-batch.ts';
import { apiErrorName, errorCode, isRetriable } from './errors.ts';
import type { Polled } from './history.ts';
import { partitionName } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';

/** The outcome of one fetch: records and the offset to go on from, or nothing this time. */
export interface FetchOutcome {
  readonly records: readonly Polled[];
  readonly nextOffset: number;
  readonly highWatermark: number;
}

const maxWaitMs = 300;
const newestVersion = 17;

/** Highest high watermark that this client has seen from one leader in one epoch, by partition. */
type Watermarks = Map<string, number>;

/** Fetches from partition leaders as a consumer does, and checks what every answer promises by itself. */
export class Reader {
  readonly client: KafkaClient;
  readonly #version: number;
  readonly #watermarks: Watermarks = new Map();

  constructor(client: KafkaClient) {
    this.client = client;
    this.#version = [11, 12, 13, newestVersion][client.below(4)]!;
  }

  /** Fetches from `offset`; undefined when there was no usable answer: look for the leader again. */
  async fetch(topic: string, partition: number, offset: number): Promise<FetchOutcome | undefined> {
    const { client } = this;
    const leader = client.leaderOf(topic, partition);
    const topicId = client.topics.get(topic)?.id ?? '';
    if (!leader || leader.id === -1) return undefined;
    const reply = await client.ask(
      leader.id,
      apis.fetch,
      {
        maxWaitMs,
        minBytes: 1,
        maxBytes: 1_000_000,
        topics: [
          {
            topic,
            topicId,
            partitions: [
              { partition, currentLeaderEpoch: leader.epoch, fetchOffset: offset, partitionMaxBytes: 10_000 },
            ],
          },
        ],
        forgottenTopicsData: [],
      },
      { version: this.#version, lane: `fetch-${topic}-${partition}` },
    );
    const row = reply?.responses[0]?.partitions[0];
    if (!row || (reply && reply.errorCode !== errorCode.NONE)) return undefined;
    const name = partitionName(topic, partition);
    if (row.errorCode !== errorCode.NONE) {
      this.#refused(row.errorCode, `${name} at ${offset}`);
      return undefined;
    }
    const { highWatermark } = row;
    this.#checkWatermark(`${name} of broker ${leader.id} in epoch ${leader.epoch}`, highWatermark);
    const records = this.#decode(row.records, { topic, partition, offset, highWatermark });
    return { records, nextOffset: (records.at(-1)?.offset ?? offset - 1) + 1, highWatermark };
  }

  #refused(code: number, what: string): void {
    this.client.trace(`fetch of ${what} refused: ${apiErrorName(code)}`);
    if (isRetriable(code)) return;
    this.client.world.violate(
      'durability',
      `${this.client.name}: ${apiErrorName(code)} for ${what}, nothing is deleted`,
    );
  }

  #checkWatermark(key: string, highWatermark: number): void {
    const before = this.#watermarks.get(key) ?? -1;
    if (highWatermark < before)
      this.client.world.violate('high watermark', `${key} went from ${before} to ${highWatermark}`);
    this.#watermarks.set(key, highWatermark);
  }

  #decode(
    bytes: Buffer | null,
    {
      topic,
      partition,
      offset,
      highWatermark,
    }: { topic: string; partition: number; offset: number; highWatermark: number },
  ): Polled[] {
    const { world, name } = this.client;
    const polled: Polled[] = [];
    const where = partitionName(topic, partition);
    let expected: number | undefined;
    for (const batch of batchesOf(bytes ?? Buffer.alloc(0))) {
      const header = readBatchHeader(batch);
      if (!isBatchValid(batch))
        world.violate('agreement', `${name} got a broken batch of ${where} at ${header.baseOffset}`);
      if (header.lastOffset >= highWatermark)
        world.violate(
          'high watermark',
          `${where} ${header.lastOffset} was served, the high watermark is ${highWatermark}`,
        );
      if (expected === undefined ? header.baseOffset > offset : header.baseOffset !== expected)
        world.violate('order', `${name} asked for ${where} ${expected ?? offset} and got ${header.baseOffset}`);
      expected = header.lastOffset + 1;
      for (const record of decodeRecords(batch))
        if (record.offset >= offset)
          polled.push({ reader: name, topic, partition, offset: record.offset, value: String(record.value) });
    }
    return polled;
  }
}
