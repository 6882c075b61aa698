import type { Cancel } from '../../../engine/base/clock.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { FailedJobFate, JobError, JobOutcome } from '../../../engine/spi/runtime.ts';
import type { FailureVerdict } from './failure-policy.ts';
import type { TransactedEvent, TransactionHolder } from './transacted-event.ts';
import type { Transactions } from './transaction-line.ts';

/** What is known of a record whose job failed: what becomes of it when the transaction is made again. */
export interface KnownFailure {
  readonly taken: TakenRecord;
  /** How often its job has failed. */
  readonly attempts: number;
  readonly verdict: FailureVerdict;
  readonly error: JobError;
  /** Where its dead letter goes; known once that topic is there. */
  letterTopic: string | undefined;
}

/** A record that was put aside in a transaction, with the place of its dead letter where it has one. */
export interface PutAside {
  readonly known: KnownFailure;
  readonly deadLetter: string | undefined;
}

/** The jobs of one transaction. */
export class TransactionBatch implements TransactionHolder {
  readonly connection: KafkaConnection;
  readonly producer: Transactions;
  readonly settled: (event: TransactedEvent, outcome: JobOutcome) => FailedJobFate | undefined;
  /** Stops the timer that closes it. */
  cancel: Cancel = () => {};
  /** Jobs and dead letters that have not ended. */
  open = 0;
  count = 0;
  /** Jobs that ended well. */
  completed = 0;
  /** Nothing more is handed over in it. */
  isClosed = false;
  hasEnded = false;
  /** It cannot be committed, though none of its records is to blame. */
  isSpoiled = false;
  readonly failures: KnownFailure[] = [];
  readonly asides: PutAside[] = [];
  /** Records that had failed before. */
  readonly again: string[] = [];
  /** A dead letter that could not be sent. */
  lost: { readonly known: KnownFailure; readonly reason: string } | undefined;

  constructor(
    connection: KafkaConnection,
    producer: Transactions,
    settled: (batch: TransactionBatch, event: TransactedEvent, outcome: JobOutcome) => FailedJobFate | undefined,
  ) {
    this.connection = connection;
    this.producer = producer;
    this.settled = (event, outcome) => settled(this, event, outcome);
  }

  get mayCommit(): boolean {
    return !this.isSpoiled && this.failures.length === 0;
  }
}

/** Name of a record in messages and maps. */
export function placeOf({ record: { topic, partition, offset } }: TakenRecord): string {
  return `${topic}-${partition}@${offset}`;
}
