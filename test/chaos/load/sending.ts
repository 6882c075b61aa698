import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { until } from '../../kit/until.ts';
import type { Load, LoadGround } from './load.ts';
import { readTopic } from './read-topic.ts';

const partitions = 6;
const producerCount = 3;
const burstRecords = 40;
const burstIntervalMs = 100;
const finishWaitMsMax = 150_000;
/** Partition and offset of a record in one number: enough for 2^40 records of each partition. */
const partitionFactor = 2 ** 40;
const unsettled = -1;
const failed = -2;

/** One idempotent producer: what became of each record, by its number. */
class Sender {
  readonly outcomes: number[] = [];
  readonly #id: number;
  readonly #topic: string;
  readonly #producer: KafkaProducer;
  open = 0;

  constructor(id: number, topic: string, producer: KafkaProducer) {
    this.#id = id;
    this.#topic = topic;
    this.#producer = producer;
  }

  /** As many records as there is room for. */
  burst(partitionOf: () => number): void {
    for (let sent = 0; sent < burstRecords && !this.#producer.ready(); sent++) {
      const number = this.outcomes.push(unsettled) - 1;
      this.open++;
      const settle = (outcome: number) => {
        this.outcomes[number] = outcome;
        this.open--;
      };
      this.#producer.deliver(
        { topic: this.#topic, partition: partitionOf(), value: Buffer.from(`${this.#id}:${number}`) },
        {
          sent: (partition, offset) => settle(partition * partitionFactor + offset!),
          failed: () => settle(failed),
        },
      );
    }
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}

/** Idempotent producers with acks=all. Every acknowledged record is there once, where it was told to be, in the order it was sent. */
export class Sending implements Load {
  readonly name = 'sends';
  readonly topic = 'chaos-sends';
  readonly #ground: LoadGround;
  readonly #senders: Sender[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(ground: LoadGround) {
    this.#ground = ground;
  }

  async start(): Promise<void> {
    const { connection, random, isEnding } = this.#ground;
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: this.topic, partitions });
    await admin.close();
    for (let id = 0; id < producerCount; id++)
      this.#senders.push(new Sender(id, this.topic, new KafkaProducer(connection)));
    const burst = () => {
      if (isEnding()) return;
      for (const sender of this.#senders) sender.burst(() => Math.floor(random.next() * partitions));
    };
    this.#timer = setInterval(burst, burstIntervalMs);
  }

  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await until('every send is settled', () => this.#senders.every(({ open }) => open === 0), finishWaitMsMax);
    await Promise.all(this.#senders.map((sender) => sender.close()));
  }

  async judge(): Promise<string> {
    const { connection, found } = this.#ground;
    const seen = this.#senders.map(({ outcomes }) => new Float64Array(outcomes.length).fill(unsettled));
    const newest = this.#senders.map(() => new Array<number>(partitions).fill(-1));
    let records = 0;
    await readTopic(connection, this.topic, 'read_uncommitted', ({ partition, offset, value }) => {
      records++;
      const [id, number] = String(value).split(':').map(Number) as [number, number];
      const place = partition * partitionFactor + offset;
      const what = `record ${value} at ${this.topic}-${partition}@${offset}`;
      if (seen[id]![number] !== unsettled) found(`doubled: ${what}`);
      seen[id]![number] = place;
      if (newest[id]![partition]! > number) found(`out of order: ${what} behind number ${newest[id]![partition]}`);
      newest[id]![partition] = number;
    });
    let acknowledged = 0;
    let refused = 0;
    for (const [id, { outcomes }] of this.#senders.entries()) {
      for (const [number, outcome] of outcomes.entries()) {
        if (outcome === failed) refused++;
        if (outcome < 0) continue;
        acknowledged++;
        const place = seen[id]![number]!;
        const where = `partition ${Math.floor(outcome / partitionFactor)}, offset ${outcome % partitionFactor}`;
        if (place === unsettled) found(`lost: record ${id}:${number}, acknowledged at ${where}`);
        else if (place !== outcome) found(`elsewhere: record ${id}:${number}, acknowledged at ${where}`);
      }
    }
    return `${acknowledged} acknowledged, ${refused} given up by the producer, ${records} in the log`;
  }
}
