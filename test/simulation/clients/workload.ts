import { consumerSessionMs } from '../options.ts';
import type { World } from '../world/world.ts';
import { Admin } from './admin.ts';
import { ConsumerGroupMember } from './consumer-group-member.ts';
import { EngineMember } from './engine-member.ts';
import { EngineProducer } from './engine-producer.ts';
import { GroupMember } from './group-member.ts';
import type { History } from './history.ts';
import { KafkaClient } from './kafka-client.ts';
import { Mover } from './mover.ts';
import { PartitionOwners } from './partition-owners.ts';
import { Producer } from './producer.ts';
import { TableWorkload } from './tables/table-workload.ts';
import { TailReader } from './tail-reader.ts';
import { Steward } from './tenancy/steward.ts';
import { TransactionalWorkload } from './transactions/transactional-workload.ts';

const groupName = 'billing';
const consumerGroupName = 'newer-billing';

/** All clients of a run. */
export class Workload {
  readonly producers: readonly (Producer | EngineProducer)[];
  readonly readers: readonly TailReader[];
  readonly members: readonly GroupMember[];
  readonly engineMembers: readonly EngineMember[];
  readonly consumerMembers: readonly ConsumerGroupMember[];
  /** Members of the classic protocol in the group of the consumer protocol: it goes from one to the other as those come and go. */
  readonly classicGuests: readonly GroupMember[];
  readonly admin: Admin;
  /** Undefined: nobody sets quotas and rules in this run. */
  readonly steward: Steward | undefined;
  readonly mover: Mover;
  /** Undefined: nobody writes transactions in this run. */
  readonly transactions: TransactionalWorkload | undefined;
  /** Undefined: there is no compacted topic in this run. */
  readonly tables: TableWorkload | undefined;
  readonly #world: World;
  readonly #history: History;
  readonly #clients: readonly KafkaClient[];
  #hasTopics = false;

  constructor(world: World, history: History) {
    this.#world = world;
    this.#history = history;
    const { options } = world;
    const plain = options.producers.map((plan, index) => {
      const client = new KafkaClient(world, `producer-${index + 1}`, index + 1);
      return new Producer(client, history, { ...plan, pauseMs: 20 + client.below(250) });
    });
    const engines = Array.from({ length: options.engineProducers }, (_, index) => {
      const client = new KafkaClient(world, `engine-${index + 1}`, 400 + index);
      return new EngineProducer(client, history);
    });
    this.producers = [...plain, ...engines];
    this.readers = Array.from(
      { length: options.tailReaders },
      (_, index) => new TailReader(new KafkaClient(world, `reader-${index + 1}`, 100 + index), history),
    );
    this.members = Array.from(
      { length: options.groupMembers },
      (_, index) =>
        new GroupMember(new KafkaClient(world, `member-${index + 1}`, 200 + index), history, {
          group: groupName,
          topics: options.topics,
        }),
    );
    this.engineMembers = Array.from(
      { length: options.engineMembers },
      (_, index) => new EngineMember(world, history, index + 1),
    );
    this.consumerMembers = newerMembers(world, history);
    this.classicGuests = guestsOf(world, history);
    this.admin = new Admin(new KafkaClient(world, 'admin', 300));
    this.mover = new Mover(new KafkaClient(world, 'mover', 310));
    const { transactionalWriters, tableWriters } = options;
    this.tables = tableWriters ? new TableWorkload(world, tableWriters) : undefined;
    this.transactions = transactionalWriters ? new TransactionalWorkload(world, transactionalWriters) : undefined;
    const working = [
      ...this.producers,
      ...this.readers,
      ...this.members,
      ...this.consumerMembers,
      ...this.classicGuests,
    ].map(({ client }) => client);
    const limited = working.map(({ name }) => name);
    this.steward = options.stewards ? new Steward(new KafkaClient(world, 'steward', 600), limited) : undefined;
    this.#clients = [...working, this.admin.client, this.mover.client, ...(this.steward ? [this.steward.client] : [])];
  }

  get clientNames(): readonly string[] {
    const names = [...this.#clients, ...this.engineMembers].map(({ name }) => name);
    return [...names, ...(this.transactions?.clientNames ?? []), ...(this.tables?.clientNames ?? [])];
  }

  createTopics(): void {
    void this.#createTopics();
  }

  async #createTopics(): Promise<void> {
    for (const topic of this.#world.options.topics) await this.admin.createUntilThere(topic);
    await this.transactions?.createTopics();
    await this.tables?.createTopic();
    this.#hasTopics = true;
  }

  get hasTopics(): boolean {
    return this.#hasTopics;
  }

  start(): void {
    for (const { name, partitions } of this.#world.options.topics) {
      for (let partition = 0; partition < partitions; partition++) {
        for (const producer of this.producers) producer.start(name, partition);
        for (const reader of this.readers) reader.start(name, partition);
      }
    }
    for (const member of [...this.members, ...this.engineMembers, ...this.consumerMembers, ...this.classicGuests])
      member.start();
    this.transactions?.start();
    this.tables?.start();
    if (this.#world.options.hasAdmin) this.admin.start();
    this.steward?.start();
    if (this.#world.options.hasMover) this.mover.start();
  }

  /** No new work: what is under way is brought to its end. */
  close(): void {
    for (const producer of this.producers) producer.isOpen = false;
    for (const member of [...this.engineMembers, ...this.consumerMembers]) member.isOpen = false;
    this.transactions?.close();
    this.tables?.close();
    this.admin.isOpen = false;
    if (this.steward) this.steward.isOpen = false;
    this.mover.isOpen = false;
  }

  stop(): void {
    for (const client of this.#clients) client.stop();
    for (const member of this.engineMembers) member.client.stop();
    this.transactions?.stop();
    this.tables?.stop();
  }

  /** What has not come to its end, in words. */
  unfinished(): string | undefined {
    const producer = this.producers.find(({ isDone }) => !isDone);
    if (producer) return `${producer.name} has records that nobody acknowledged`;
    const transaction = this.transactions?.unfinished() ?? this.tables?.unfinished();
    if (transaction) return transaction;
    if (!this.admin.isIdle) return 'the admin waits for an answer';
    if (this.steward?.isIdle === false) return 'the steward waits for an answer';
    if (!this.mover.isIdle) return 'the mover waits for an answer';
    const ends = this.#ends();
    for (const [key, end] of ends) {
      const behind = this.readers.find(({ positions }) => (positions.get(key) ?? 0) < end);
      if (behind) return `${behind.client.name} is at ${behind.positions.get(key)} of ${key}, acknowledged is ${end}`;
      const committed = Math.max(0, ...this.members.map(({ committed }) => committed.get(key) ?? 0));
      if (committed < end) return `the group has committed ${committed} of ${key}, acknowledged is ${end}`;
      const newer = Math.max(
        0,
        ...[...this.consumerMembers, ...this.classicGuests].map(({ committed }) => committed.get(key) ?? 0),
      );
      if (this.consumerMembers.length && newer < end)
        return `the group of the consumer protocol has committed ${newer} of ${key}, acknowledged is ${end}`;
      const open = this.engineMembers.length ? this.#history.firstUnsettled(key, end) : undefined;
      if (open !== undefined) return `the engine's group has not dealt with ${open} of ${key}, acknowledged is ${end}`;
    }
    return undefined;
  }

  /** The offset behind the last acknowledged record of each partition. */
  #ends(): Map<string, number> {
    const ends = new Map<string, number>();
    for (const { topic, partition, offset, acks } of this.#history.sends) {
      if (offset === undefined || acks !== -1) continue;
      const key = `${topic}-${partition}`;
      ends.set(key, Math.max(ends.get(key) ?? 0, offset + 1));
    }
    return ends;
  }
}

function newerMembers(world: World, history: History): ConsumerGroupMember[] {
  const { consumerMembers, topics } = world.options;
  const owners = new PartitionOwners(world);
  const options = { group: consumerGroupName, topics, sessionTimeoutMs: consumerSessionMs };
  return Array.from({ length: consumerMembers }, (_, index) => {
    const client = new KafkaClient(world, `consumer-${index + 1}`, 500 + index);
    return new ConsumerGroupMember(client, history, owners, options);
  });
}

/** In every other run. */
function guestsOf(world: World, history: History): GroupMember[] {
  const { consumerMembers, topics, seed } = world.options;
  if (consumerMembers === 0 || seed % 2 === 0) return [];
  const client = new KafkaClient(world, 'guest-1', 550);
  return [new GroupMember(client, history, { group: consumerGroupName, topics })];
}
