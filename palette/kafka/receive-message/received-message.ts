import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { RecordFormat } from '../../../engine/kafka/record-format.ts';
import { decodeBytes } from '../../../engine/kafka/record-format.ts';

/** How a ReceiveMessage reads keys and values. */
export interface MessageFormats {
  readonly key: RecordFormat;
  readonly value: RecordFormat;
}

/**
 * The output of ReceiveMessage. Key, value and headers are decoded when an expression first reads them: a flow that only routes
 * parses nothing.
 */
export class ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly #record: ReceivedRecord;
  readonly #formats: MessageFormats;
  #key: unknown;
  #value: unknown;
  #headers: Record<string, unknown> | undefined;

  constructor(record: ReceivedRecord, formats: MessageFormats) {
    this.topic = record.topic;
    this.partition = record.partition;
    this.offset = record.offset;
    this.timestamp = record.timestampMs;
    this.#record = record;
    this.#formats = formats;
  }

  get key(): unknown {
    if (this.#key === undefined) this.#key = decodeBytes(this.#record.key, this.#formats.key);
    return this.#key;
  }

  get value(): unknown {
    if (this.#value === undefined) this.#value = decodeBytes(this.#record.value, this.#formats.value);
    return this.#value;
  }

  /** Text by name; the last one where a name is there twice. */
  get headers(): Record<string, unknown> {
    if (!this.#headers) {
      this.#headers = {};
      for (const { key, value } of this.#record.headers)
        this.#headers[key] = value === null ? null : value.toString('utf8');
    }
    return this.#headers;
  }

  toJSON(): unknown {
    const { topic, partition, offset, timestamp, key, value, headers } = this;
    return { topic, partition, offset, timestamp, key, value, headers };
  }
}
