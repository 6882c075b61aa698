import { randomBelow } from '../../../engine/base/random.ts';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { until } from '../../kit/until.ts';
import type { Load, LoadGround } from './load.ts';
import { readTopic } from './read-topic.ts';

const partitions = 6;
const memberCount = 3;
const sendIntervalMs = 50;
const burstRecords = 10;
const memberChangeIntervalMs = 15_000;
const finishWaitMsMax = 300_000;
const closeWaitMsMax = 10_000;

/**
 * A group whose members come and go. Every record that is in the log was dealt with at least once, none is skipped by a commit, and
 * committed offsets never go back.
 */
export class ReadingGroup implements Load {
  readonly name: string;
  readonly #ground: LoadGround;
  readonly #protocol: GroupSettings['groupProtocol'];
  readonly #topic: string;
  readonly #producer: KafkaProducer;
  readonly #members: (GroupConsumer | undefined)[] = [];
  /** By partition and offset, how often it was dealt with. */
  readonly #dealt = Array.from({ length: partitions }, () => [] as number[]);
  readonly #timers: NodeJS.Timeout[] = [];
  #open = 0;
  #sent = 0;
  #changes = 0;
  #changing: Promise<void> = Promise.resolve();

  constructor(ground: LoadGround, protocol: GroupSettings['groupProtocol']) {
    this.#ground = ground;
    this.#protocol = protocol;
    this.name = `group-${protocol}`;
    this.#topic = `chaos-${this.name}`;
    this.#producer = new KafkaProducer(ground.connection);
  }

  async start(): Promise<void> {
    const { connection, random, isEnding } = this.#ground;
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: this.#topic, partitions });
    await admin.close();
    for (let index = 0; index < memberCount; index++) await this.#join(index);
    this.#timers.push(
      setInterval(() => {
        if (!isEnding()) this.#send();
      }, sendIntervalMs),
      setInterval(() => {
        if (isEnding()) return;
        this.#changing = this.#changing.then(() => this.#replace(randomBelow(random, memberCount)));
      }, memberChangeIntervalMs),
    );
  }

  async finish(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#changing;
    await until('every send is settled', () => this.#open === 0, finishWaitMsMax);
    await this.#producer.close();
    const admin = new KafkaAdmin(this.#ground.connection);
    const isRead = async () => {
      const rows = (await admin.describeGroup(this.#topic)).partitions;
      return (
        rows.length === partitions && rows.every(({ committedOffset, endOffset }) => committedOffset === endOffset)
      );
    };
    try {
      await until(`group ${this.#topic} has committed all`, isRead, finishWaitMsMax);
    } finally {
      await admin.close();
      for (const member of this.#members) await member?.close();
    }
  }

  async judge(): Promise<string> {
    let [records, again] = [0, 0];
    await readTopic(this.#ground.connection, this.#topic, 'read_uncommitted', ({ partition, offset }) => {
      records++;
      const times = this.#dealt[partition]![offset] ?? 0;
      if (times === 0)
        this.#ground.found(`never dealt with: ${this.#topic}-${partition}@${offset}, behind it all is committed`);
      again += Math.max(0, times - 1);
    });
    return `${records} records, ${this.#sent} sent, ${again} dealt with again, ${this.#changes} members replaced`;
  }

  #send(): void {
    for (let sent = 0; sent < burstRecords && !this.#producer.ready(); sent++) {
      this.#open++;
      const settle = () => {
        this.#open--;
      };
      this.#sent++;
      this.#producer.deliver(
        { topic: this.#topic, value: Buffer.from(`${this.#sent}`) },
        { sent: settle, failed: settle },
      );
    }
  }

  async #join(index: number): Promise<void> {
    const deal = () => {
      for (let taken = consumer.take(); taken; taken = consumer.take()) {
        const { partition, offset } = taken.record;
        const times = this.#dealt[partition]!;
        times[offset] = (times[offset] ?? 0) + 1;
        taken.settle();
      }
    };
    const consumer = new GroupConsumer(
      this.#ground.connection,
      {
        groupId: this.#topic,
        topics: [this.#topic],
        startAt: 'earliest',
        groupProtocol: this.#protocol,
        heartbeatIntervalMs: 1_000,
        sessionWaitMsMax: 10_000,
        ...(this.#protocol === 'classic' && { assignors: ['cooperative-sticky'] as const }),
      },
      { readable: deal, failed: (error) => this.#ground.found(`a member of ${this.#topic} died: ${error}`) },
    );
    this.#members[index] = consumer;
    await consumer.start().catch((error: unknown) => {
      // The cluster can be away just now: it is tried again with the next change of members.
      this.#members[index] = undefined;
      if (!(error as { retriable?: boolean }).retriable)
        this.#ground.found(`a member of ${this.#topic} was refused: ${error}`);
    });
  }

  async #replace(index: number): Promise<void> {
    const closed = this.#members[index]?.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, closeWaitMsMax);
    });
    await Promise.race([closed, late]);
    clearTimeout(timer);
    this.#changes++;
    await this.#join(index);
  }
}
