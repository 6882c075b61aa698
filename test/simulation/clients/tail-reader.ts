import type { History } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';
import { Reader } from './reader.ts';

/** Reads a partition from its start, on and on, as a consumer without a group. */
export class TailReader {
  readonly client: KafkaClient;
  readonly positions = new Map<string, number>();
  readonly #reader: Reader;
  readonly #history: History;

  constructor(client: KafkaClient, history: History) {
    this.client = client;
    this.#history = history;
    this.#reader = new Reader(client);
  }

  start(topic: string, partition: number): void {
    void this.#run(topic, partition);
  }

  async #run(topic: string, partition: number): Promise<void> {
    const { client } = this;
    let offset = 0;
    while (!client.isStopped) {
      await client.refreshIfOld(topic);
      const outcome = await this.#reader.fetch(topic, partition, offset);
      if (!outcome) {
        await client.sleep(50 + client.random.next() * 200);
        await client.refresh(topic);
        continue;
      }
      this.#history.polls.push(...outcome.records);
      offset = outcome.nextOffset;
      this.positions.set(`${topic}-${partition}`, offset);
      await client.sleep(client.random.next() * 50);
    }
  }

  /** Everything from the start of a partition up to its present high watermark; undefined while it cannot be read. */
  async readAll(topic: string, partition: number): Promise<History['polls'] | undefined> {
    const { client } = this;
    const found: History['polls'] = [];
    for (let offset = 0; ; ) {
      const outcome = await this.#reader.fetch(topic, partition, offset);
      if (!outcome) {
        await client.refresh(topic);
        return undefined;
      }
      found.push(...outcome.records);
      offset = outcome.nextOffset;
      if (offset >= outcome.highWatermark) return found;
    }
  }
}
