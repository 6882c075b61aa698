import { randomBelow } from '../../../engine/base/random.ts';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { TransactionalProducer } from '../../../engine/kafka/transactional-producer.ts';
import { until } from '../../kit/until.ts';
import type { Load, LoadGround } from './load.ts';
import { readTopic } from './read-topic.ts';

const partitions = 4;
const writerCount = 3;
const recordsMax = 20;
const abortShare = 0.25;
const pauseMsMax = 100;
const finishWaitMsMax = 300_000;
const transactionTimeoutMs = 20_000;

interface Written {
  readonly records: number;
  /** `unknown`: the producer was over before it was told. Then all of it is there or nothing. */
  outcome: 'committed' | 'aborted' | 'unknown';
}

/** Transactions over several partitions: readers of committed records see all of one or nothing, and nothing of what was aborted. */
export class Transactions implements Load {
  readonly name = 'transactions';
  readonly #topic = 'chaos-transactions';
  readonly #ground: LoadGround;
  readonly #written: Written[] = [];
  readonly #writers: Promise<void>[] = [];
  #begun = 0;
  #replaced = 0;

  constructor(ground: LoadGround) {
    this.#ground = ground;
  }

  async start(): Promise<void> {
    const admin = new KafkaAdmin(this.#ground.connection);
    await admin.createTopic({ name: this.#topic, partitions });
    await admin.close();
    for (let id = 0; id < writerCount; id++) this.#writers.push(this.#write(`chaos-writer-${id}`));
  }

  async finish(): Promise<void> {
    let isDone = false;
    const all = Promise.all(this.#writers).then(() => {
      isDone = true;
    });
    await until('every transaction has ended', () => isDone, finishWaitMsMax);
    await all;
  }

  async judge(): Promise<string> {
    const { connection, found } = this.#ground;
    const seen = this.#written.map(() => 0);
    const places = new Map<string, number>();
    await readTopic(connection, this.#topic, 'read_committed', ({ partition, offset, value }) => {
      const [transaction] = String(value).split(':').map(Number) as [number];
      seen[transaction]!++;
      if (places.has(String(value))) found(`doubled: record ${value} at ${this.#topic}-${partition}@${offset}`);
      places.set(String(value), offset);
    });
    const counts = { committed: 0, aborted: 0, unknown: 0 };
    for (const [transaction, { records, outcome }] of this.#written.entries()) {
      counts[outcome]++;
      const count = seen[transaction]!;
      const isRight =
        outcome === 'committed'
          ? count === records
          : outcome === 'aborted'
            ? count === 0
            : count === 0 || count === records;
      if (!isRight) found(`transaction ${transaction} (${outcome}): ${records} records written, ${count} to be seen`);
    }
    return `${counts.committed} committed, ${counts.aborted} aborted, ${counts.unknown} not known, ${this.#replaced} producers replaced`;
  }

  async #write(transactionalId: string): Promise<void> {
    const { connection, random, isEnding } = this.#ground;
    const make = () => new TransactionalProducer(connection, { transactionalId, transactionTimeoutMs });
    let producer = make();
    let isReady = false;
    while (!isEnding() || !isReady) {
      try {
        if (!isReady) await producer.init();
        isReady = true;
        if (isEnding()) break;
        await this.#transaction(producer);
      } catch (error) {
        if (producer.phase === 'over' || !isReady) {
          await producer.close();
          producer = make();
          isReady = false;
          this.#replaced++;
        } else throw error;
      }
      await new Promise<void>((resolve) => {
        setTimeout(resolve, randomBelow(random, pauseMsMax));
      });
    }
    await producer.close();
  }

  /** Throws only when the producer is over. */
  async #transaction(producer: TransactionalProducer): Promise<void> {
    const { random } = this.#ground;
    const number = this.#begun++;
    const written: Written = { records: 1 + randomBelow(random, recordsMax), outcome: 'unknown' };
    this.#written[number] = written;
    const wantsAbort = random.next() < abortShare;
    producer.begin();
    const sends: Promise<unknown>[] = [];
    for (let record = 0; record < written.records; record++) {
      const partition = randomBelow(random, partitions);
      sends.push(producer.send({ topic: this.#topic, partition, value: Buffer.from(`${number}:${record}`) }));
    }
    await Promise.allSettled(sends);
    if (!wantsAbort && (await ended(producer, () => producer.commit()))) written.outcome = 'committed';
    else if (await ended(producer, () => producer.abort())) written.outcome = 'aborted';
    else throw new Error(`a transaction that can be neither committed nor aborted: it is ${producer.phase}`);
  }
}

/** Asks until it is known. False: it failed and may be aborted. Throws when the producer is over: then nobody knows. */
async function ended(producer: TransactionalProducer, end: () => Promise<void>): Promise<boolean> {
  for (;;) {
    try {
      await end();
      return true;
    } catch (error) {
      if (producer.phase === 'over') throw error;
      if (producer.phase !== 'ending') return false;
    }
  }
}
