import { MillraceError } from '../../../engine/base/errors.ts';
import { silentLog } from '../../../engine/base/log.ts';
import { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import type { AssignorName } from '../../../engine/kafka/groups/assignors.ts';
import { portOf } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import type { History } from './history.ts';
import { partitionName } from './history.ts';
import { KafkaClient } from './kafka-client.ts';

const groupId = 'engine-billing';
const livesMsMin = 1_500;
const livesMsMax = 9_000;
const settleMsMax = 120;
const pauseMsMax = 1_500;
/** Part of the lives that end in a crash; the others leave their group. */
const crashPart = 0.5;
/** Each life draws from chance of its own. */
const seedsPerMember = 1_000;

/**
 * A member of the engine's own consumer group in the simulated world, as ReceiveMessage uses it: it settles records late and in any
 * order, leaves, crashes and comes back. Whatever was acknowledged must be handed to the group, however often its members change.
 */
export class EngineMember {
  /** While true, lives end and new ones begin; afterwards the last one goes on. */
  isOpen = true;
  readonly name: string;
  readonly #world: World;
  readonly #history: History;
  readonly #seed: number;
  readonly #assignors: readonly AssignorName[] | undefined;
  #client: KafkaClient;
  #lives = 0;
  /** The next offset of each partition that this life expects. */
  #expected = new Map<string, number>();

  constructor(world: World, history: History, number: number) {
    this.name = `engine-member-${number}`;
    this.#world = world;
    this.#history = history;
    this.#seed = (10 + number) * seedsPerMember;
    // One group, one choice: with cooperative assignors alone, partitions are read on while others move.
    this.#assignors = world.options.seed % 2 === 0 ? ['cooperative-sticky'] : undefined;
    this.#client = this.#newClient();
  }

  get client(): KafkaClient {
    return this.#client;
  }

  start(): void {
    void this.#run();
  }

  #newClient(): KafkaClient {
    return new KafkaClient(this.#world, this.name, this.#seed + this.#lives++);
  }

  async #run(): Promise<void> {
    while (!this.#client.isStopped) {
      const client = this.#client;
      const consumer = this.#createConsumer(client);
      const isStarted = await consumer.start().then(
        () => true,
        (error) => this.#couldNotStart(error),
      );
      const endsAtMs = client.nowMs + livesMsMin + client.random.next() * (livesMsMax - livesMsMin);
      while (isStarted && !client.isStopped && (!this.isOpen || client.nowMs < endsAtMs)) await client.sleep(100);
      if (client.isStopped) return;
      if (client.random.next() < crashPart) this.#crash(client);
      else await this.#leave(consumer, client);
      await this.#client.sleep(this.#client.random.next() * pauseMsMax);
    }
  }

  #crash(client: KafkaClient): void {
    client.trace('crashes');
    this.#client = this.#newClient();
    client.host.die();
  }

  async #leave(consumer: GroupConsumer, client: KafkaClient): Promise<void> {
    client.trace('leaves');
    consumer.pause();
    await consumer.close();
  }

  #couldNotStart(error: unknown): boolean {
    if (!(error instanceof MillraceError)) this.#world.violate('engine group', `${this.name}: ${String(error)}`);
    this.#client.trace(`could not start: ${String(error)}`);
    return false;
  }

  #createConsumer(client: KafkaClient): GroupConsumer {
    const { options, net } = this.#world;
    const bootstrapServers = Array.from({ length: options.brokers }, (_, index) => `sim:${portOf(index + 1)}`);
    const connection = new KafkaConnection(
      {
        name: this.name,
        transport: 'tcp',
        bootstrapServers: bootstrapServers.join(','),
        clientId: this.name,
        requestTimeoutMs: 5_000,
        connectWaitMsMax: 2_500,
        metadataMaxAgeMs: 3_000,
      },
      { clock: client.host.clock, random: client.random, log: silentLog, dialer: net.dialerOf(client.host, false) },
    );
    this.#expected = new Map();
    const consumer: GroupConsumer = new GroupConsumer(
      connection,
      {
        groupId,
        topics: options.topics.map(({ name }) => name),
        startAt: 'earliest',
        sessionWaitMsMax: 3_000,
        rebalanceWaitMsMax: 4_000,
        heartbeatIntervalMs: 500,
        commitIntervalMs: 200,
        fetchWaitMsMax: 300,
        startWaitMsMax: 8_000,
        ...(this.#assignors && { assignors: this.#assignors }),
      },
      {
        readable: () => {
          for (let taken = consumer.take(); taken; taken = consumer.take()) this.#handle(client, taken);
        },
        assigned: (partitions) =>
          client.trace(`reads ${partitions.map(({ topic, partition }) => partitionName(topic, partition)).join(' ')}`),
        failed: (error) => this.#world.violate('engine group', `${this.name} failed: ${String(error)}`),
      },
    );
    return consumer;
  }

  /** What is dealt with counts as handed to the group; a crash before that owes the record to the next reader. */
  #handle(client: KafkaClient, taken: TakenRecord): void {
    const { topic, partition, offset, value } = taken.record;
    this.#checkStart(partitionName(topic, partition), offset);
    this.#history.polls.push({ reader: this.name, topic, partition, offset, value: String(value) });
    client.host.clock.after(client.random.next() * settleMsMax, () => {
      this.#history.settled(partitionName(topic, partition), offset);
      taken.settle();
    });
  }
  /** Reading may begin again anywhere below what is committed, and what is committed is dealt with: nothing may lie open below. */
  #checkStart(name: string, offset: number): void {
    const isNext = this.#expected.get(name) === offset;
    this.#expected.set(name, offset + 1);
    const open = isNext ? undefined : this.#history.firstUnsettled(name, offset);
    if (open !== undefined)
      this.#world.violate('engine group', `${this.name} begins ${name} at ${offset}, ${open} was never dealt with`);
  }
}
