import type { ErrorCode } from '../../protocol/error-codes.ts';

/**
 * Where a transactional id stands, by Kafka's names; the place in the list is the number in the log. The last two are never
 * written.
 */
export const transactionPhases = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionPhase = (typeof transactionPhases)[number];

/** Partitions by topic. */
export type PartitionsByTopic = ReadonlyMap<string, readonly number[]>;

/** What became of one partition of a request. */
export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly code: ErrorCode;
}

/** What is stored of a transactional id. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  /** -1 before the first producer was answered. */
  readonly producerEpoch: number;
  /** The epoch before the last one, by which a repeated request is known; -1 none. Not in the log, as in Kafka. */
  readonly lastProducerEpoch: number;
  /** The producer id before this one, whose epochs were used up; -1 none. */
  readonly previousProducerId: number;
  /** The one that follows when the transaction that ends is complete; -1 none. */
  readonly nextProducerId: number;
  readonly timeoutMs: number;
  readonly phase: TransactionPhase;
  readonly partitions: PartitionsByTopic;
  /** Wall-clock times, milliseconds since 1970. `startMs` -1: none has begun. */
  readonly lastUpdateMs: number;
  readonly startMs: number;
  /** Version of the protocol by which its client works; from 2 on every end raises the epoch (KIP-890). */
  readonly clientVersion: number;
}

/** Who claims to be the producer of a transactional id. */
export interface ProducerClaim {
  readonly producerId: number;
  readonly epoch: number;
}

/** First version in which every end of a transaction raises the epoch. */
export const epochBumpSinceVersion = 2;

/** One below the largest int16: the last epoch that a producer works with, as a fence takes one more. */
export const lastUsableEpoch = 0x7ffe;

export const noPartitions: PartitionsByTopic = new Map();

/** The producer id has no epochs left. */
export function isExhausted({ producerEpoch }: Transaction): boolean {
  return producerEpoch >= lastUsableEpoch;
}

/** Its outcome is decided and not yet in all partitions. */
export function isEnding({ phase }: Transaction): boolean {
  return phase === 'PrepareCommit' || phase === 'PrepareAbort';
}

/** No transaction is open. */
export function isAtRest({ phase }: Transaction): boolean {
  return phase === 'Empty' || phase === 'CompleteCommit' || phase === 'CompleteAbort';
}

/** `partitions` with `more`; the same object when they are all in it. */
export function withPartitions(partitions: PartitionsByTopic, more: PartitionsByTopic): PartitionsByTopic {
  const merged = new Map(partitions);
  let isLarger = false;
  for (const [topic, added] of more) {
    const known = merged.get(topic) ?? [];
    const fresh = added.filter((partition) => !known.includes(partition));
    if (fresh.length === 0) continue;
    merged.set(topic, [...known, ...new Set(fresh)]);
    isLarger = true;
  }
  return isLarger ? merged : partitions;
}
