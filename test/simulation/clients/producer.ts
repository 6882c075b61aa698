import { apis } from '../../../engine/protocol/api-keys.ts';
import { encodeBatch } from '../../../engine/records/record-batch.ts';
import { apiErrorName, errorCode, isRetriable } from './errors.ts';
import type { History, SendAttempt } from './history.ts';
import { partitionName } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';

export interface ProducerOptions {
  readonly acks: -1 | 1;
  readonly isIdempotent: boolean;
  /** Batches of one partition under way at a time; 1 to 5. */
  readonly inFlightMax: number;
  /** Mean wait between batches of one partition, in ms. */
  readonly pauseMs: number;
}

interface Batch {
  readonly attempts: SendAttempt[];
  readonly sequence: number;
}

type Outcome = 'acked' | 'retry';

const recordsPerBatchMax = 4;
const retryWaitMs = { min: 20, max: 300 };

/**
 * Writes numbered records to every partition of some topics, batch after batch, and tries each until it is acknowledged.
 * An idempotent one keeps Kafka's rules: batches are repeated in order, with their sequence numbers.
 */
export class Producer {
  /** While true, new records are made. */
  isOpen = true;
  readonly client: KafkaClient;
  readonly #options: ProducerOptions;
  readonly #history: History;
  readonly #versions: { readonly produce: number };
  #producerId = -1;
  #producerEpoch = -1;
  #active = 0;

  constructor(client: KafkaClient, history: History, options: ProducerOptions) {
    this.client = client;
    this.#history = history;
    this.#options = options;
    this.#versions = { produce: [9, 12, 13][client.below(3)]! };
  }

  /** Whether every record was acknowledged, once it is closed. */
  get isDone(): boolean {
    return this.#active === 0;
  }

  get name(): string {
    return this.client.name;
  }

  /** Begins to write to a partition. */
  start(topic: string, partition: number): void {
    this.#active++;
    void this.#run(topic, partition).finally(() => this.#active--);
  }

  async #run(topic: string, partition: number): Promise<void> {
    const window: Batch[] = [];
    let number = 0;
    // A broker takes any sequence number as the first of a producer (KIP-360): until one is acknowledged, a second batch
    // could overtake a first one that was refused.
    let inFlightMax = 1;
    while (!this.client.isStopped && (this.isOpen || window.length > 0)) {
      if (this.#options.isIdempotent && this.#producerId === -1 && !(await this.#begin())) continue;
      while (this.isOpen && window.length < inFlightMax) {
        const batch = this.#makeBatch(topic, partition, number);
        number += batch.attempts.length;
        window.push(batch);
      }
      const hasRetry = await this.#sendAll(topic, partition, window);
      if (hasRetry) await this.#backOff(topic);
      else {
        inFlightMax = this.#options.inFlightMax;
        await this.client.sleep(this.client.random.next() * 2 * this.#options.pauseMs);
      }
    }
  }

  #makeBatch(topic: string, partition: number, first: number): Batch {
    const { acks, isIdempotent } = this.#options;
    const attempts = Array.from({ length: 1 + this.client.below(recordsPerBatchMax) }, (_, index): SendAttempt => {
      const number = first + index;
      const value = `${this.name}/${partitionName(topic, partition)}/${number}`;
      return {
        producer: this.name,
        isIdempotent,
        acks,
        topic,
        partition,
        value,
        number,
        sentAtMs: this.client.nowMs,
        offset: undefined,
        ackedAtMs: undefined,
      };
    });
    this.#history.sends.push(...attempts);
    return { attempts, sequence: first };
  }

  /** Sends the window, drops what is acknowledged from its front; whether something has to be sent again. */
  async #sendAll(topic: string, partition: number, window: Batch[]): Promise<boolean> {
    const leader = this.client.leaderOf(topic, partition);
    if (!leader || leader.id === -1) return true;
    const outcomes = await Promise.all(
      window.map((batch, index) => this.#send(topic, partition, batch, { leaderId: leader.id, isFirst: index === 0 })),
    );
    let isUnbroken = true;
    for (const outcome of outcomes) {
      if (outcome === 'acked' && isUnbroken) window.shift();
      else isUnbroken = false;
    }
    return !isUnbroken;
  }

  async #send(
    topic: string,
    partition: number,
    { attempts, sequence }: Batch,
    { leaderId, isFirst }: { leaderId: number; isFirst: boolean },
  ): Promise<Outcome> {
    const { acks, isIdempotent } = this.#options;
    const records = encodeBatch({
      records: attempts.map(({ value }) => ({ key: null, value: Buffer.from(value) })),
      baseTimestamp: this.client.host.clock.now(),
      ...(isIdempotent && {
        producerId: this.#producerId,
        producerEpoch: this.#producerEpoch,
        baseSequence: sequence,
      }),
    });
    const topicId = this.client.topics.get(topic)?.id ?? '';
    const reply = await this.client.ask(
      leaderId,
      apis.produce,
      {
        transactionalId: null,
        acks,
        timeoutMs: 3_000,
        topicData: [{ name: topic, topicId, partitionData: [{ index: partition, records }] }],
      },
      { version: this.#versions.produce },
    );
    const row = reply?.responses[0]?.partitionResponses[0];
    if (!row) return 'retry';
    if (row.errorCode === errorCode.NONE) {
      this.#acked(attempts, row.baseOffset);
      return 'acked';
    }
    this.#judge(row.errorCode, isFirst, `${partitionName(topic, partition)} sequence ${sequence}`);
    return 'retry';
  }

  #acked(attempts: readonly SendAttempt[], baseOffset: number): void {
    attempts.forEach((attempt, index) => {
      attempt.offset ??= baseOffset + index;
      attempt.ackedAtMs ??= this.client.nowMs;
    });
    const { topic, partition } = attempts[0]!;
    this.client.trace(`acked ${partitionName(topic, partition)} ${baseOffset}+${attempts.length}`);
  }

  /** A batch behind one that failed may be out of order; the first may not: all before it was acknowledged. */
  #judge(code: number, isFirst: boolean, what: string): void {
    const name = apiErrorName(code);
    this.client.trace(`refused ${what}: ${name}`);
    if (isRetriable(code) || (code === errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER && !isFirst)) return;
    this.client.world.violate('idempotence', `${this.name} got ${name} for ${what}, all before it was acknowledged`);
  }

  async #begin(): Promise<boolean> {
    const reply = await this.client.ask(this.client.anyBroker(), apis.initProducerId, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
    });
    // Two partitions may ask at a time: the first answer counts for both.
    if (this.#producerId !== -1) return true;
    if (reply?.errorCode === errorCode.NONE) {
      this.#producerId = reply.producerId;
      this.#producerEpoch = reply.producerEpoch;
      this.client.trace(`producer id ${reply.producerId}`);
      return true;
    }
    await this.client.sleep(100);
    return false;
  }

  async #backOff(topic: string): Promise<void> {
    await this.client.sleep(retryWaitMs.min + this.client.random.next() * (retryWaitMs.max - retryWaitMs.min));
    await this.client.refresh(topic);
  }
}
