import { readVarint } from '../../records/varint.ts';
import type { ReceivedRecord, RecordHeader } from '../received-record.ts';

const noHeaders: readonly RecordHeader[] = [];

/** Places of a record's parts in the bytes of its batch; a length of -1 stands for null. */
export interface RecordParts {
  keyAt: number;
  keyBytes: number;
  valueAt: number;
  valueBytes: number;
  /** Where the first header starts. */
  headersAt: number;
  headerCount: number;
}

/** A record as places in the response that brought it: key, value and headers become views when somebody asks for them. */
export class FetchedRecord implements ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly timestampType: 'create' | 'append';
  readonly sizeBytes: number;
  readonly #buffer: Buffer;
  readonly #keyAt: number;
  readonly #keyBytes: number;
  readonly #valueAt: number;
  readonly #valueBytes: number;
  readonly #headersAt: number;
  readonly #headerCount: number;

  constructor(
    topic: string,
    partition: number,
    offset: number,
    timestampMs: number,
    isAppendTime: boolean,
    sizeBytes: number,
    buffer: Buffer,
    parts: RecordParts,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestampMs = timestampMs;
    this.timestampType = isAppendTime ? 'append' : 'create';
    this.sizeBytes = sizeBytes;
    this.#buffer = buffer;
    this.#keyAt = parts.keyAt;
    this.#keyBytes = parts.keyBytes;
    this.#valueAt = parts.valueAt;
    this.#valueBytes = parts.valueBytes;
    this.#headersAt = parts.headersAt;
    this.#headerCount = parts.headerCount;
  }

  get key(): Buffer | null {
    return this.#keyBytes < 0 ? null : this.#buffer.subarray(this.#keyAt, this.#keyAt + this.#keyBytes);
  }

  get value(): Buffer | null {
    return this.#valueBytes < 0 ? null : this.#buffer.subarray(this.#valueAt, this.#valueAt + this.#valueBytes);
  }

  /** Framing was checked when the record was read: this cannot fail. */
  get headers(): readonly RecordHeader[] {
    if (this.#headerCount === 0) return noHeaders;
    const cursor = { buffer: this.#buffer, at: this.#headersAt };
    return Array.from({ length: this.#headerCount }, () => {
      const keyBytes = readVarint(cursor);
      cursor.at += keyBytes;
      const key = this.#buffer.toString('utf8', cursor.at - keyBytes, cursor.at);
      const valueBytes = readVarint(cursor);
      if (valueBytes < 0) return { key, value: null };
      cursor.at += valueBytes;
      return { key, value: this.#buffer.subarray(cursor.at - valueBytes, cursor.at) };
    });
  }
}
