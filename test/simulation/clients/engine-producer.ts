import { silentLog } from '../../../engine/base/log.ts';
import { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { portOf } from '../world/machine.ts';
import type { History, SendAttempt } from './history.ts';
import { partitionName } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';

/** Longer than any run: whatever is accepted is acknowledged in the end, or the run fails. */
const deliveryWaitMsMax = 3_600_000;
const recordsPerTurnMax = 6;
const pauseMsMax = 200;
/** Batches above this are refused by the settings of no topic, but closed here, so that there are several. */
const batchRecordsMax = 3;

/**
 * The engine's own producer in the simulated world, as SendMessage uses it: idempotent, many records of a partition waiting behind
 * one another, over the same nets and faults as everybody. It must bring every record to its place, once and in order.
 */
export class EngineProducer {
  /** While true, new records are made. */
  isOpen = true;
  readonly client: KafkaClient;
  readonly #history: History;
  readonly #producer: KafkaProducer;
  #writing = 0;

  constructor(client: KafkaClient, history: History) {
    this.client = client;
    this.#history = history;
    const { world, host, random } = client;
    const bootstrapServers = Array.from({ length: world.options.brokers }, (_, index) => `sim:${portOf(index + 1)}`);
    const connection = new KafkaConnection(
      {
        name: client.name,
        transport: 'tcp',
        bootstrapServers: bootstrapServers.join(','),
        clientId: client.name,
        requestTimeoutMs: 5_000,
        connectWaitMsMax: 2_500,
        metadataMaxAgeMs: 3_000,
      },
      { clock: host.clock, random, log: silentLog, dialer: world.net.dialerOf(host, false) },
    );
    this.#producer = new KafkaProducer(connection, { batchRecordsMax, deliveryWaitMsMax });
  }

  get name(): string {
    return this.client.name;
  }

  /** Whether every record was acknowledged, once it is closed. */
  get isDone(): boolean {
    return this.#writing === 0 && this.#producer.pendingRecords === 0;
  }

  /** Begins to write to a partition. */
  start(topic: string, partition: number): void {
    this.#writing++;
    void this.#run(topic, partition).finally(() => this.#writing--);
  }

  async #run(topic: string, partition: number): Promise<void> {
    let number = 0;
    while (!this.client.isStopped && this.isOpen) {
      for (let left = 1 + this.client.below(recordsPerTurnMax); left > 0; left--)
        this.#send(topic, partition, number++);
      await this.client.sleep(this.client.random.next() * pauseMsMax);
    }
  }

  #send(topic: string, partition: number, number: number): void {
    const attempt: SendAttempt = {
      producer: this.name,
      isIdempotent: true,
      acks: -1,
      topic,
      partition,
      value: `${this.name}/${partitionName(topic, partition)}/${number}`,
      number,
      sentAtMs: this.client.nowMs,
      offset: undefined,
      ackedAtMs: undefined,
    };
    this.#history.sends.push(attempt);
    const record = { topic, partition, value: Buffer.from(attempt.value) };
    this.#producer.deliver(record, {
      sent: (_, offset) => {
        attempt.offset = offset ?? -1;
        attempt.ackedAtMs = this.client.nowMs;
      },
      failed: (error) => {
        if (!this.client.isStopped) this.client.world.violate('idempotence', `${this.name}: ${error.message}`);
      },
    });
  }
}
