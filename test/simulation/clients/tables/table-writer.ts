import { apis } from '../../../../engine/protocol/api-keys.ts';
import { encodeBatch } from '../../../../engine/records/record-batch.ts';
import { errorCode, isRetriable } from '../errors.ts';
import { partitionName } from '../history.ts';
import type { KafkaClient } from '../kafka-client.ts';
import type { TableHistory } from './table-history.ts';

const keysPerWriter = 6;
const recordsMax = 3;
const tombstoneChance = 0.2;
const pauseMsMax = 120;
const retryWaitMs = 150;

/** Writes values and tombstones of its own few keys to a compacted topic, one batch after the other, each until it is acknowledged. */
export class TableWriter {
  isOpen = true;
  isDone = false;
  readonly client: KafkaClient;
  readonly #history: TableHistory;
  readonly #topic: string;
  readonly #partition: number;
  #producer = { producerId: -1, producerEpoch: -1 };
  #sequence = 0;
  #written = 0;

  constructor(client: KafkaClient, history: TableHistory, { topic, partition }: { topic: string; partition: number }) {
    this.client = client;
    this.#history = history;
    this.#topic = topic;
    this.#partition = partition;
  }

  start(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (!client.isStopped && this.isOpen) {
      if (this.#producer.producerId === -1) await this.#begin();
      else await this.#write();
      await client.sleep(client.random.next() * pauseMsMax);
    }
    this.isDone = true;
  }

  async #write(): Promise<void> {
    const { client } = this;
    const keys = new Set(
      Array.from({ length: 1 + client.below(recordsMax) }, () => this.#keyAt(client.below(keysPerWriter))),
    );
    const records = [...keys].map((key) => {
      const value = client.random.next() < tombstoneChance ? null : `${client.name}/${this.#written++}`;
      const sent = this.#history.sent(key, value);
      return { sent, key: Buffer.from(key), value: value === null ? null : Buffer.from(value) };
    });
    let baseOffset: number | undefined;
    while (!client.isStopped) {
      baseOffset = await this.#send(records);
      if (baseOffset !== undefined) break;
      await client.sleep(client.random.next() * retryWaitMs);
      await client.refresh(this.#topic);
    }
    if (baseOffset === undefined) return;
    this.#sequence += records.length;
    for (const [index, { sent }] of records.entries()) sent.offset = baseOffset + index;
  }

  #keyAt(index: number): string {
    return `${this.#partition}/${this.client.name}/key-${index}`;
  }

  /** The offset of the first record; undefined where it has to be sent again. */
  async #send(records: { key: Buffer; value: Buffer | null }[]): Promise<number | undefined> {
    const { client } = this;
    const leader = client.leaderOf(this.#topic, this.#partition);
    if (!leader || leader.id === -1) return undefined;
    const batch = encodeBatch({
      records,
      baseTimestamp: client.host.clock.now(),
      ...this.#producer,
      baseSequence: this.#sequence,
    });
    const topicId = client.topics.get(this.#topic)?.id ?? '';
    const topicData = [{ name: this.#topic, topicId, partitionData: [{ index: this.#partition, records: batch }] }];
    const request = { transactionalId: null, acks: -1, timeoutMs: 3_000, topicData };
    const reply = await client.ask(leader.id, apis.produce, request);
    const row = reply?.responses[0]?.partitionResponses[0];
    if (!row) return undefined;
    if (row.errorCode === errorCode.NONE) return row.baseOffset;
    if (!isRetriable(row.errorCode)) {
      const where = partitionName(this.#topic, this.#partition);
      client.world.violate(
        'idempotence',
        `${client.name} got error ${row.errorCode} for ${where} sequence ${this.#sequence}`,
      );
    }
    return undefined;
  }

  async #begin(): Promise<void> {
    const request = { transactionalId: null, transactionTimeoutMs: 60_000 };
    const reply = await this.client.ask(this.client.anyBroker(), apis.initProducerId, request);
    if (reply?.errorCode !== errorCode.NONE) return;
    this.#producer = { producerId: reply.producerId, producerEpoch: reply.producerEpoch };
  }
}
