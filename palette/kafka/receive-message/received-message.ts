import { BytesValue } from '../../../engine/formats/bytes-value.ts';
import type { RecordFormat } from '../../../engine/formats/record-format.ts';
import { decodeBytes } from '../../../engine/formats/record-format.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import { LazyOutput, lazyFields } from '../../../engine/spi/lazy-output.ts';
import type { RecordPlace } from '../../../engine/spi/record-place.ts';
import type { ListedHeader } from '../message-headers.ts';
import { headerObject, listHeaders } from '../message-headers.ts';

/** How a ReceiveMessage reads keys and values. One object for all messages of a starter. */
export interface MessageFormats {
  readonly key: RecordFormat;
  readonly value: RecordFormat;
  /** The value that was decoded last, and whose it is. */
  last?: { readonly message: ReceivedMessage; readonly value: unknown };
}

/** Key, value and headers as they came, nothing decoded that can lose something. */
export interface RawMessage {
  readonly key: BytesValue | null;
  readonly value: BytesValue | null;
  readonly headers: readonly ListedHeader[];
}

const computed = ['key', 'value', 'headers', 'raw'] as const;

/**
 * The output of ReceiveMessage. Key, value and headers are decoded when an expression reads them: a flow that only routes parses
 * nothing. Only the value that was read last stays decoded, whichever message of the starter it belongs to: a mapping reads all its
 * fields at once, and thousands of parsed values that wait for their jobs to end cost the garbage collector more than an activity
 * further on that parses again.
 */
export class ReceivedMessage extends LazyOutput {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Left out when the record has none: -1 on the wire. */
  declare readonly timestamp?: number;
  readonly #record: ReceivedRecord;
  readonly #formats: MessageFormats;
  #key: unknown;
  #headers: Readonly<Record<string, unknown>> | undefined;
  #raw: RawMessage | undefined;

  constructor(record: ReceivedRecord, formats: MessageFormats) {
    super();
    this.topic = record.topic;
    this.partition = record.partition;
    this.offset = record.offset;
    if (record.timestampMs >= 0) this.timestamp = record.timestampMs;
    this.#record = record;
    this.#formats = formats;
  }

  get [lazyFields](): readonly string[] {
    return computed;
  }

  get key(): unknown {
    if (this.#key === undefined) this.#key = decodeBytes(this.#record.key, this.#formats.key, 'Key');
    return this.#key;
  }

  get value(): unknown {
    const { last } = this.#formats;
    if (last?.message === this) return last.value;
    const value = decodeBytes(this.#record.value, this.#formats.value, 'Value');
    this.#formats.last = { message: this, value };
    return value;
  }

  get headers(): Readonly<Record<string, unknown>> {
    this.#headers ??= headerObject(this.#record.headers);
    return this.#headers;
  }

  get raw(): RawMessage {
    const { key, value, headers } = this.#record;
    this.#raw ??= {
      key: key === null ? null : new BytesValue(key),
      value: value === null ? null : new BytesValue(value),
      headers: listHeaders(headers),
    };
    return this.#raw;
  }
}

/** Where a message came from, in a few words: `quakes[2] @ 1041`. */
export function originOf(output: unknown): string {
  const { topic, partition, offset } = output as ReceivedMessage;
  return `${topic}[${partition}] @ ${offset}`;
}

/** The record that a message is. */
export function recordPlaceOf(output: unknown): RecordPlace {
  const { topic, partition, offset } = output as ReceivedMessage;
  return { topic, partition, offset };
}
