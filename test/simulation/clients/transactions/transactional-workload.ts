import { apis } from '../../../../engine/protocol/api-keys.ts';
import type { TopicPlan } from '../../options.ts';
import type { World } from '../../world/world.ts';
import { Admin } from '../admin.ts';
import { errorCode } from '../errors.ts';
import { partitionName } from '../history.ts';
import { KafkaClient } from '../kafka-client.ts';
import { CommittedReader } from './committed-reader.ts';
import { Copier } from './copier.ts';
import { TransactionHistory } from './transaction-history.ts';
import { TransactionalWriter } from './transactional-writer.ts';

const ledgerPartitions = 3;

/** Writers of transactions, one who copies what they have committed, and readers who see nothing else. */
export class TransactionalWorkload {
  readonly history = new TransactionHistory();
  readonly writers: readonly TransactionalWriter[];
  readonly copier: Copier;
  hasTopics = false;
  readonly ledger: TopicPlan;
  readonly copies: TopicPlan;
  readonly #world: World;
  readonly #admin: Admin;
  readonly #reader: CommittedReader;
  readonly #clients: readonly KafkaClient[];

  constructor(world: World, writers: number) {
    this.#world = world;
    const replicationFactor = Math.min(3, world.options.brokers);
    this.ledger = { name: 'ledger', partitions: ledgerPartitions, replicationFactor };
    this.copies = { name: 'copies', partitions: ledgerPartitions, replicationFactor };
    this.#admin = new Admin(new KafkaClient(world, 'txn-admin', 600));
    this.writers = Array.from(
      { length: writers },
      (_, index) =>
        new TransactionalWriter(new KafkaClient(world, `writer-${index + 1}`, 610 + index), this.ledger, this.history),
    );
    this.copier = new Copier(new KafkaClient(world, 'copier', 640), this.ledger, this.copies.name);
    this.#reader = new CommittedReader(new KafkaClient(world, 'committed-reader', 650));
    this.#clients = [this.#admin, ...this.writers, this.copier, this.#reader].map(({ client }) => client);
  }

  get clientNames(): readonly string[] {
    return this.#clients.map(({ name }) => name);
  }

  async createTopics(): Promise<void> {
    await this.#lowerVersion();
    for (const topic of [this.ledger, this.copies]) await this.#admin.createUntilThere(topic);
    this.hasTopics = true;
  }

  /** Every other seed has transactions of version 1. */
  async #lowerVersion(): Promise<void> {
    const { client } = this.#admin;
    if (this.#world.options.seed % 2 === 0) return;
    const update = { feature: 'transaction.version', maxVersionLevel: 1, upgradeType: 2 };
    while (!client.isStopped) {
      const body = { timeoutMs: 5_000, featureUpdates: [update] };
      const reply = await client.ask(client.anyBroker(), apis.updateFeatures, body);
      if (reply?.errorCode === errorCode.NONE) return;
      await client.sleep(100);
    }
  }

  start(): void {
    for (const writer of this.writers) writer.start();
    this.copier.start();
    for (const { name, partitions } of [this.ledger, this.copies])
      for (let partition = 0; partition < partitions; partition++) void this.#follow(name, partition);
  }

  async #follow(topic: string, partition: number): Promise<void> {
    const { client } = this.#reader;
    let offset = 0;
    while (!client.isStopped) {
      await client.refreshIfOld(topic);
      const found = await this.#reader.fetch(topic, partition, offset);
      if (found) {
        this.history.polls.push(...found.records);
        offset = found.nextOffset;
      } else await client.refresh(topic);
      await client.sleep(50 + client.random.next() * 100);
    }
  }

  close(): void {
    for (const writer of this.writers) writer.isOpen = false;
    this.copier.close();
  }

  stop(): void {
    for (const client of this.#clients) client.stop();
  }

  /** What has not come to its end, in words. */
  unfinished(): string | undefined {
    const writer = this.writers.find(({ isDone }) => !isDone);
    return writer && `${writer.client.name} has a transaction under way`;
  }

  /** Reads all that is committed: nothing may be undecided for longer than a transaction may take, and all of the source is copied. */
  async readEverything(expectSoon: (what: string, left: () => string | undefined) => Promise<void>): Promise<void> {
    for (const topic of [this.ledger, this.copies])
      for (let partition = 0; partition < topic.partitions; partition++) {
        const name = partitionName(topic.name, partition);
        let left: string | undefined = `${name} is not read`;
        const read = async (): Promise<void> => {
          while (left !== undefined && !this.#reader.client.isStopped) {
            left = await this.#readAll(topic, partition);
            await this.#reader.client.sleep(100);
          }
        };
        void read();
        await expectSoon(`an end of what is open in ${name}`, () => left);
      }
  }

  /** Takes over what is committed of a partition; why it is not all there yet. */
  async #readAll(topic: TopicPlan, partition: number): Promise<string | undefined> {
    const name = partitionName(topic.name, partition);
    const records = [];
    for (let offset = 0; ; ) {
      const found = await this.#reader.fetch(topic.name, partition, offset);
      if (!found) {
        await this.#reader.client.refresh(topic.name);
        return `${name} cannot be read`;
      }
      records.push(...found.records);
      if (found.lastStableOffset < found.highWatermark)
        return `${name} is decided up to ${found.lastStableOffset}, committed up to ${found.highWatermark}`;
      const copied = this.copier.copied.get(partition) ?? 0;
      if (topic === this.ledger && copied < found.highWatermark)
        return `${name} is copied up to ${copied}, it ends at ${found.highWatermark}`;
      offset = found.nextOffset;
      if (offset >= found.highWatermark) break;
    }
    this.history.finalReads.set(name, records);
    return undefined;
  }
}
