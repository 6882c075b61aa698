import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { OutgoingRecord, SentRecord } from '../../../engine/kafka/producer-settings.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { JobError } from '../../../engine/spi/runtime.ts';

/** Follows the name of a topic to make that of its dead-letter topic. */
export const deadLetterSuffix = '.dead-letter';
/** Begins the names of the headers that say why; Kafka Connect's are `__connect.errors.topic` and so on. */
export const causeHeaderPrefix = '__millrace.errors.';
/** Longest message in a header; the log has it whole. */
const messageCharactersMax = 1_000;

/** Why a record is put aside. */
export interface DeadLetterCause {
  readonly error: JobError;
  readonly groupId: string;
  /** How often its job was tried. */
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Where records go whose jobs failed for good. */
export interface DeadLetterTarget {
  /** Resolves when the record is acknowledged by all in-sync replicas; rejects when it cannot be kept. */
  send(record: ReceivedRecord, cause: DeadLetterCause): Promise<SentRecord>;
  close(): Promise<void>;
}

/**
 * The record as it came, with its key, value and headers untouched, and the cause in headers behind them. It gets a time of its
 * own: with an old one, the retention of the dead-letter topic might delete it at once.
 */
export function deadLetter(record: ReceivedRecord, cause: DeadLetterCause, topic: string): OutgoingRecord {
  const { error, groupId, attempts, atMs } = cause;
  const facts = {
    ...{ topic: record.topic, partition: record.partition, offset: record.offset, timestamp: record.timestampMs },
    ...{ group: groupId, activity: error.activity, code: error.code },
    ...{ message: error.message.slice(0, messageCharactersMax), attempts, time: new Date(atMs).toISOString() },
  };
  const causes = Object.entries(facts).map(([name, fact]) => ({
    ...{ key: `${causeHeaderPrefix}${name}`, value: Buffer.from(String(fact)) },
  }));
  return { topic, key: record.key, value: record.value, headers: [...record.headers, ...causes] };
}

/** Sends dead letters to `topic`, or to one beside each topic of the records. Its producer is made with the first of them. */
export class DeadLetters implements DeadLetterTarget {
  readonly #connection: KafkaConnection;
  readonly #topic: string | undefined;
  readonly #ready = new Map<string, Promise<void>>();
  #producer: KafkaProducer | undefined;

  constructor(connection: KafkaConnection, topic: string | undefined) {
    this.#connection = connection;
    this.#topic = topic;
  }

  /** The topic where a record goes, which is there when this resolves. */
  async prepare(record: ReceivedRecord): Promise<string> {
    const topic = this.#topic ?? `${record.topic}${deadLetterSuffix}`;
    await this.#ensure(topic);
    return topic;
  }

  async send(record: ReceivedRecord, cause: DeadLetterCause): Promise<SentRecord> {
    const topic = await this.prepare(record);
    this.#producer ??= new KafkaProducer(this.#connection, { acks: 'all' });
    const producer = this.#producer;
    for (let room = producer.ready(); room; room = producer.ready()) await room;
    return producer.send(deadLetter(record, cause, topic));
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }

  /** Once a topic; what failed is tried again with the next record. */
  #ensure(topic: string): Promise<void> {
    const known = this.#ready.get(topic);
    if (known) return known;
    const made = ensureTopics(this.#connection, [topic]);
    this.#ready.set(topic, made);
    made.catch(() => this.#ready.delete(topic));
    return made;
  }
}
