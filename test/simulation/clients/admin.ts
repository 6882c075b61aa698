import { apis } from '../../../engine/protocol/api-keys.ts';
import type { TopicPlan } from '../options.ts';
import { apiErrorName, errorCode } from './errors.ts';
import type { KafkaClient } from './kafka-client.ts';

/** What an admin was told of a topic that it made. */
export interface KnownTopic {
  readonly id: string;
  readonly isDeleted: boolean;
  readonly partitions: number;
  /** Acknowledged value of `retention.ms`. */
  readonly retentionMs: number | undefined;
}

/** Names of topics that look like what a broker makes of its own folders. */
function sideName(number: number): string {
  const names = [
    `side-${number}`,
    `side-${number}-delete`,
    `side.${number}-0.0123456789abcdef0123456789abcdef-stray`,
    `...${number}-0`,
  ];
  return names[number % names.length] as string;
}

const topicsMax = 4;
const partitionsMax = 4;

/**
 * Creates, grows, configures and deletes topics of its own, and remembers what was acknowledged. A topic that a request got
 * no clear answer for is left alone from then on: the request may be carried out at any later time.
 */
export class Admin {
  isOpen = true;
  readonly client: KafkaClient;
  readonly ledger = new Map<string, KnownTopic>();
  readonly #names: string[] = [];
  #created = 0;
  #isBusy = false;

  constructor(client: KafkaClient) {
    this.client = client;
  }

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  /** Creates a topic and waits until a broker shows a leader for each of its partitions. */
  async createUntilThere(topic: TopicPlan): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      await this.#createTopic(topic);
      await client.refresh(topic.name);
      const leaders = [...(client.topics.get(topic.name)?.partitions.values() ?? [])];
      if (leaders.length === topic.partitions && leaders.every(({ id }) => id !== -1)) return;
      await client.sleep(50);
    }
  }

  start(): void {
    this.#isBusy = true;
    void this.#run().finally(() => {
      this.#isBusy = false;
    });
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (this.isOpen && !client.isStopped) {
      await client.sleep(client.random.next() * 1_500);
      if (this.#names.length < topicsMax) {
        const name = sideName(++this.#created);
        this.#names.push(name);
        await this.#create(name);
        continue;
      }
      const name = this.#names[client.below(topicsMax)]!;
      const known = this.ledger.get(name);
      const choice = client.random.next();
      if (!known) this.#names.splice(this.#names.indexOf(name), 1);
      else if (known.isDeleted) await this.#create(name, known);
      else if (choice < 0.3) await this.#delete(name, known);
      else if (choice < 0.6) await this.#grow(name, known);
      else await this.#configure(name, known);
    }
  }

  async #createTopic({ name, partitions, replicationFactor }: TopicPlan) {
    const reply = await this.client.ask(
      this.client.anyBroker(),
      apis.createTopics,
      {
        topics: [{ name, numPartitions: partitions, replicationFactor, assignments: [], configs: [] }],
        timeoutMs: 3_000,
      },
      { timeoutMs: 8_000 },
    );
    return reply?.topics[0];
  }

  async #create(name: string, before?: KnownTopic): Promise<void> {
    const partitions = 1 + this.client.below(2);
    const replicationFactor = Math.min(3, this.client.world.options.brokers);
    this.ledger.delete(name);
    const row = await this.#createTopic({ name, partitions, replicationFactor });
    this.#trace(`create ${name}`, row?.errorCode);
    if (row?.errorCode !== errorCode.NONE) return;
    if (before?.id === row.topicId)
      this.client.world.violate('metadata', `${name} was created again with its old id ${row.topicId}`);
    this.ledger.set(name, { id: row.topicId, isDeleted: false, partitions, retentionMs: undefined });
  }

  async #delete(name: string, known: KnownTopic): Promise<void> {
    this.ledger.delete(name);
    const request = { topics: [{ name }], topicNames: [name], timeoutMs: 3_000 };
    const reply = await this.client.ask(this.client.anyBroker(), apis.deleteTopics, request, { timeoutMs: 8_000 });
    const code = reply?.responses[0]?.errorCode;
    this.#trace(`delete ${name}`, code);
    if (code === errorCode.NONE) this.ledger.set(name, { ...known, isDeleted: true });
  }

  async #grow(name: string, known: KnownTopic): Promise<void> {
    const count = known.partitions + 1;
    if (count > partitionsMax) return;
    this.ledger.delete(name);
    const reply = await this.client.ask(
      this.client.anyBroker(),
      apis.createPartitions,
      { topics: [{ name, count, assignments: null }], timeoutMs: 3_000, validateOnly: false },
      { timeoutMs: 8_000 },
    );
    const code = reply?.results[0]?.errorCode;
    this.#trace(`grow ${name} to ${count}`, code);
    if (code === errorCode.NONE) this.ledger.set(name, { ...known, partitions: count });
  }

  async #configure(name: string, known: KnownTopic): Promise<void> {
    const retentionMs = 3_600_000 + this.client.below(1_000_000);
    this.ledger.delete(name);
    const configs = [{ name: 'retention.ms', configOperation: 0, value: String(retentionMs) }];
    const reply = await this.client.ask(
      this.client.anyBroker(),
      apis.incrementalAlterConfigs,
      { resources: [{ resourceType: 2, resourceName: name, configs }], validateOnly: false },
      { timeoutMs: 8_000 },
    );
    const code = reply?.responses[0]?.errorCode;
    this.#trace(`configure ${name}`, code);
    if (code === errorCode.NONE) this.ledger.set(name, { ...known, retentionMs });
  }

  #trace(what: string, code: number | undefined): void {
    this.client.trace(`${what}: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
  }
}
