import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import type { RecordFormat } from '../../../engine/kafka/record-format.ts';
import { decodeBytes } from '../../../engine/kafka/record-format.ts';

/** How a ReceiveMessage reads keys and values. */
export interface MessageFormats {
  readonly key: RecordFormat;
  readonly value: RecordFormat;
}

/**
 * The output of ReceiveMessage. Key, value and headers are decoded when an expression reads them: a flow that only routes parses
 * nothing. Only the value that was read last stays decoded, whichever message it belongs to: a mapping reads all its fields at
 * once, and thousands of parsed values that wait for their jobs to end cost the garbage collector more than an activity further
 * on that parses again.
 */
export class ReceivedMessage {
  static #decoded: ReceivedMessage | undefined;
  static #decodedValue: unknown;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly #record: ReceivedRecord;
  readonly #formats: MessageFormats;
  #key: unknown;
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
    if (ReceivedMessage.#decoded !== this) {
      ReceivedMessage.#decodedValue = decodeBytes(this.#record.value, this.#formats.value);
      ReceivedMessage.#decoded = this;
    }
    return ReceivedMessage.#decodedValue;
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
