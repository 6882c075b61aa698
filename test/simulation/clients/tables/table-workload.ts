import { apis } from '../../../../engine/protocol/api-keys.ts';
import type { World } from '../../world/world.ts';
import { errorCode } from '../errors.ts';
import { KafkaClient } from '../kafka-client.ts';
import { TableHistory } from './table-history.ts';
import { TableReader } from './table-reader.ts';
import { TableWriter } from './table-writer.ts';

const topic = 'table';
const partitions = 2;
const readEveryMs = 700;

/** Writers of a compacted topic, each with keys of its own, and a reader who begins at zero again and again. */
export class TableWorkload {
  readonly history = new TableHistory();
  readonly writers: readonly TableWriter[];
  /** Tables that were read to their end. */
  reads = 0;
  readonly #world: World;
  readonly #admin: KafkaClient;
  readonly #reader: TableReader;

  constructor(world: World, writers: number) {
    this.#world = world;
    this.#admin = new KafkaClient(world, 'table-admin', 700);
    this.#reader = new TableReader(new KafkaClient(world, 'table-reader', 701));
    this.writers = Array.from({ length: writers }, (_, index) => {
      const client = new KafkaClient(world, `table-writer-${index + 1}`, 710 + index);
      return new TableWriter(client, this.history, { topic, partition: index % partitions });
    });
  }

  get #clients(): readonly KafkaClient[] {
    return [this.#admin, this.#reader.client, ...this.writers.map(({ client }) => client)];
  }

  get clientNames(): readonly string[] {
    return this.#clients.map(({ name }) => name);
  }

  async createTopic(): Promise<void> {
    const { options } = this.#world;
    const settings = { ...options.tableConfigs, 'cleanup.policy': 'compact' };
    const configs = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const replicationFactor = Math.min(3, options.brokers);
    const wanted = { name: topic, numPartitions: partitions, replicationFactor, assignments: [], configs };
    const client = this.#admin;
    while (!client.isStopped) {
      const reply = await client.ask(client.anyBroker(), apis.createTopics, { topics: [wanted], timeoutMs: 3_000 });
      const code = reply?.topics[0]?.errorCode;
      if (code === errorCode.NONE || code === errorCode.TOPIC_ALREADY_EXISTS) break;
      await client.sleep(100);
    }
  }

  start(): void {
    for (const writer of this.writers) writer.start();
    void this.#readOnAndOn();
  }

  async #readOnAndOn(): Promise<void> {
    const { client } = this.#reader;
    while (!client.isStopped) {
      await client.refreshIfOld(topic);
      for (let partition = 0; partition < partitions; partition++) await this.#readOnce(partition);
      await client.sleep(client.random.next() * 2 * readEveryMs);
    }
  }

  /** Whether the table could be read; every key has to have the last value below the end that was read to, or a later one. */
  async #readOnce(partition: number): Promise<boolean> {
    const read = await this.#reader.read(topic, partition);
    if (!read) return false;
    this.reads++;
    for (const key of this.history.keys) {
      if (!key.startsWith(`${partition}/`)) continue;
      const fault = this.history.faultOf(key, read.values.get(key) ?? null, read.endOffset);
      if (fault) this.#world.violate('compaction', `${topic}-${partition} has ${fault}`);
    }
    return true;
  }

  close(): void {
    for (const writer of this.writers) writer.isOpen = false;
  }

  stop(): void {
    for (const client of this.#clients) client.stop();
  }

  /** What has not come to its end, in words. */
  unfinished(): string | undefined {
    const writer = this.writers.find(({ isDone }) => !isDone);
    return writer && `${writer.client.name} has a batch that nobody acknowledged`;
  }

  /** Reads every partition once more, when all is acknowledged. */
  async readEverything(expectSoon: (what: string, left: () => string | undefined) => Promise<void>): Promise<void> {
    for (let partition = 0; partition < partitions; partition++) {
      let isRead = false;
      const read = async (): Promise<void> => {
        while (!isRead && !this.#reader.client.isStopped) {
          isRead = await this.#readOnce(partition);
          await this.#reader.client.sleep(50);
        }
      };
      void read();
      await expectSoon(`reading ${topic}-${partition} from zero`, () => (isRead ? undefined : 'it ends nowhere'));
    }
  }
}
