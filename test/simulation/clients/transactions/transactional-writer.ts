import type { TransactionalProducer } from '../../../../engine/kafka/transactional-producer.ts';
import type { TopicPlan } from '../../options.ts';
import { partitionName } from '../history.ts';
import type { KafkaClient } from '../kafka-client.ts';
import { ended, isOver, producerOf } from './producer-of.ts';
import type { TransactionAttempt, TransactionHistory } from './transaction-history.ts';

const recordsMax = 8;
const pauseMsMax = 250;
/** Part of the transactions that are aborted, and of those that their producer walks away from. */
const abortPart = 0.25;
const leavePart = 0.1;

/**
 * Writes transactions over several partitions. Some it aborts; some it leaves open with records still on their way, and goes on
 * with a new producer of the same transactional id, which fences the old one.
 */
export class TransactionalWriter {
  isOpen = true;
  readonly client: KafkaClient;
  readonly #topic: TopicPlan;
  readonly #history: TransactionHistory;
  #count = 0;
  #isRunning = false;

  constructor(client: KafkaClient, topic: TopicPlan, history: TransactionHistory) {
    this.client = client;
    this.#topic = topic;
    this.#history = history;
  }

  get isDone(): boolean {
    return !this.#isRunning;
  }

  start(): void {
    this.#isRunning = true;
    void this.#run().finally(() => {
      this.#isRunning = false;
    });
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (!client.isStopped && this.isOpen) {
      const producer = producerOf(client, client.name);
      const failure = await producer.init().catch((error: unknown) => error);
      if (failure !== undefined) {
        client.trace(`could not begin: ${String(failure)}`);
        await client.sleep(200);
        continue;
      }
      let goesOn = true;
      while (goesOn && !client.isStopped && this.isOpen) {
        goesOn = await this.#transact(producer);
        await client.sleep(client.random.next() * pauseMsMax);
      }
    }
  }

  /** One transaction; whether its producer can go on with the next. */
  async #transact(producer: TransactionalProducer): Promise<boolean> {
    const { client } = this;
    const attempt: TransactionAttempt = { name: `${client.name}/${this.#count++}`, records: [], outcome: 'open' };
    this.#history.attempts.push(attempt);
    producer.begin();
    const sends = Array.from({ length: 1 + client.below(recordsMax) }, (_, index) =>
      this.#send(producer, attempt, index),
    );
    if (client.random.next() < leavePart) {
      client.trace(`leaves ${attempt.name} open`);
      attempt.outcome = 'aborted';
      return false;
    }
    if (client.random.next() < 0.5) await Promise.all(sends);
    const isCommit = client.random.next() >= abortPart;
    const outcome = await ended(client, () => (isCommit ? producer.commit() : producer.abort()));
    if (outcome === 'done') attempt.outcome = isCommit ? 'committed' : 'aborted';
    else if (!isCommit || outcome.code === 'KAFKA_TRANSACTION_SPOILED') attempt.outcome = 'aborted';
    else attempt.outcome = 'unknown';
    client.trace(`${attempt.name} is ${attempt.outcome}`);
    if (outcome === 'done') return true;
    if (isOver(outcome)) return false;
    return (await ended(client, () => producer.abort())) === 'done';
  }

  #send(producer: TransactionalProducer, attempt: TransactionAttempt, index: number): Promise<unknown> {
    const partition = this.client.below(this.#topic.partitions);
    const value = `${attempt.name}/${index}`;
    attempt.records.push({ partition: partitionName(this.#topic.name, partition), value });
    return producer.send({ topic: this.#topic.name, partition, value: Buffer.from(value) }).catch(() => {});
  }
}
