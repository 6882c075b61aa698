import type { MillraceError } from '../../base/errors.ts';
import type { TopicSummary } from '../contract.ts';

/** One record as it was read, before it is decoded for the window. */
export interface RawMessage {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

/** First offset that a partition still holds, and the one after its last. */
export interface PartitionBounds {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

export interface TopicToCreate {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface MessageToProduce {
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/** A live read of a topic's partitions from given offsets on. */
export interface LiveRead {
  /** The next record, or undefined when none waits; `onRecords` tells of new ones. */
  next(): RawMessage | undefined;
  close(): Promise<void>;
}

/** What the topic views need of a cluster. Kafka implements it; tests hold one in memory. Calls reject with a MillraceError. */
export interface TopicSource {
  list(): Promise<TopicSummary[]>;
  create(topic: TopicToCreate): Promise<void>;
  delete(name: string): Promise<void>;
  /** Of all partitions, or of one. Rejects with KAFKA_UNKNOWN_TOPIC. */
  bounds(topic: string, partition?: number): Promise<PartitionBounds[]>;
  /** Per partition the first offset at or after a time; the end where there is none. */
  offsetsAtTime(topic: string, timestampMs: number, partition?: number): Promise<PartitionBounds[]>;
  /** Reads partitions from offsets on, until `close`. */
  readFrom(
    topic: string,
    offsets: readonly { readonly partition: number; readonly offset: number }[],
    onRecords: () => void,
  ): LiveRead & {
    /** Next offset of a partition: everything below was taken. */
    position(partition: number): number;
    /** Why a partition cannot be read on from its position: a damaged batch. */
    failure(partition: number): MillraceError | undefined;
  };
  produce(message: MessageToProduce): Promise<{ partition: number; offset: number }>;
  close(): Promise<void>;
}
