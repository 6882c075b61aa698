import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { OutgoingRecord, SendListener } from '../../../engine/kafka/producer-settings.ts';
import type { FailedJobFate, JobError, JobOutcome, StarterEvent } from '../../../engine/spi/runtime.ts';
import { RecordTransaction } from '../record-transaction.ts';
import type { ReceivedMessage } from './received-message.ts';
import type { Transactions } from './transaction-line.ts';

/** Failures of a send that say nothing about its record: the transaction around it was given up for another reason. */
const givenUpCodes = new Set([
  'KAFKA_TRANSACTION_SPOILED',
  'KAFKA_TRANSACTION_ABORTED',
  'KAFKA_TRANSACTION_STATE',
  'KAFKA_TRANSACTION_OVER',
  'KAFKA_PRODUCER_FENCED',
  'KAFKA_CLOSED',
]);

/** Whether a failure is that of the transaction, and not of the record that was sent in it. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof MillraceError && (givenUpCodes.has(error.code) || error.details.recovery === 'restart');
}

/** What events of one transaction share. */
export interface TransactionHolder {
  readonly connection: KafkaConnection;
  readonly producer: Transactions;
  /** Nothing joins any more. */
  readonly hasEnded: boolean;
  settled(event: TransactedEvent, outcome: JobOutcome): FailedJobFate | undefined;
}

/** One record as an event of the process, and the transaction as its job sees it. */
export class TransactedEvent extends RecordTransaction implements StarterEvent {
  readonly output: ReceivedMessage;
  readonly taken: TakenRecord;
  /** How often it was tried before. */
  readonly attempt: number;
  /** Why something that its job sent could not be: the transaction is spoiled by it, however the job ends. */
  culprit: Error | undefined;
  /** Something that its job sent was given up with the transaction. */
  isVictim = false;
  readonly #holder: TransactionHolder;

  constructor(output: ReceivedMessage, taken: TakenRecord, attempt: number, holder: TransactionHolder) {
    super();
    this.output = output;
    this.taken = taken;
    this.attempt = attempt;
    this.#holder = holder;
  }

  get transaction(): this {
    return this;
  }

  get connection(): KafkaConnection {
    return this.#holder.connection;
  }

  ready(): Promise<void> | undefined {
    return this.#holder.hasEnded ? undefined : this.#holder.producer.ready();
  }

  deliver(record: OutgoingRecord, listener: SendListener): void {
    if (this.#holder.hasEnded) {
      this.isVictim = true;
      const message = `${this.connection.target}: the transaction of this job was given up; its record is handed over again`;
      throw new KafkaError('KAFKA_TRANSACTION_OVER', message, { retriable: true });
    }
    try {
      this.#holder.producer.deliver(record, new JoinedSend(this, listener));
    } catch (error) {
      this.failed(error as Error);
      throw error;
    }
  }

  /** A send of its job failed. */
  failed(error: Error): void {
    if (isGivenUp(error)) this.isVictim = true;
    else this.culprit ??= error;
  }

  settle(outcome: JobOutcome): FailedJobFate | undefined {
    return this.#holder.settled(this, outcome);
  }
}

/** A class and not a closure: there are very many of them. */
class JoinedSend implements SendListener {
  readonly #event: TransactedEvent;
  readonly #listener: SendListener;

  constructor(event: TransactedEvent, listener: SendListener) {
    this.#event = event;
    this.#listener = listener;
  }

  sent(partition: number, offset: number | undefined): void {
    this.#listener.sent(partition, offset);
  }

  failed(error: Error): void {
    this.#event.failed(error);
    this.#listener.failed(error);
  }
}

/** The failure of a send as that of the job that sent it. */
export function sendError(error: Error): JobError {
  const isKnown = error instanceof MillraceError;
  const code = isKnown ? error.code : 'KAFKA_SEND_FAILED';
  return { code, message: error.message, activity: '', retriable: isKnown && error.retriable };
}
