import type { Cancel } from '../../../engine/base/clock.ts';
import { messageOf } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { OffsetToCommit } from '../../../engine/kafka/groups/group-offsets.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';
import type { GroupMembership } from '../../../engine/kafka/transactional-producer.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type {
  FailedJobFate,
  JobOutcome,
  RuntimeHost,
  StarterInstance,
  StarterSink,
} from '../../../engine/spi/runtime.ts';
import type declaration from './activity.ts';
import type { DeadLetters } from './dead-letters.ts';
import { deadLetter } from './dead-letters.ts';
import { FailedRecords } from './failed-records.ts';
import type { RecordSource, SourceListener } from './message-starter.ts';
import type { MessageFormats } from './received-message.ts';
import { originOf, ReceivedMessage, recordPlaceOf } from './received-message.ts';
import { isGivenUp, sendError, TransactedEvent } from './transacted-event.ts';
import type { KnownFailure } from './transaction-batch.ts';
import { TransactionBatch } from './transaction-batch.ts';
import type { TransactionLine } from './transaction-line.ts';

type Config = ConfigOfDeclaration<typeof declaration>;

/** A member of a group that leaves the committing of offsets to a transaction. */
export interface TransactionalSource extends RecordSource {
  readonly group: GroupMembership | undefined;
  offsetsToCommit(): readonly OffsetToCommit[];
  committed(offsets: readonly OffsetToCommit[]): void;
  rewind(): void;
}

/** What the starter works with. */
export interface ExactlyOnceParts {
  readonly connection: KafkaConnection;
  readonly createSource: (listener: SourceListener) => TransactionalSource;
  readonly line: TransactionLine;
  readonly deadLetters: Pick<DeadLetters, 'prepare' | 'close'>;
}

/** Records handed over in one turn, so that sockets and heartbeats get theirs between. */
const recordsPerTurnMax = 500;
const lagIntervalMs = 1_000;
/** Pause after a transaction that failed by nobody's fault; doubled each time in a row, up to the most. */
const abortPauseMs = 100;
const abortPauseMsMax = 5_000;

/**
 * Records become jobs, and the offsets of a batch of them are committed in one transaction with all that their jobs sent. A transaction
 * ends when there is nothing to do in it, at the latest with its limits of records and time; what comes meanwhile waits for the next one.
 * One that cannot be committed is given up whole and its records are read again; of those whose jobs failed it is known by then what
 * becomes of them.
 */
export class ExactlyOnceStarter implements StarterInstance {
  readonly #config: Config;
  readonly #host: RuntimeHost;
  readonly #parts: ExactlyOnceParts;
  readonly #formats: MessageFormats;
  readonly #source: TransactionalSource;
  readonly #failed: FailedRecords;
  #sink: StarterSink | undefined;
  #batch: TransactionBatch | undefined;
  #hasRoom = true;
  #isPumping = false;
  #isPumpPlanned = false;
  #isEnding = false;
  #isStopping = false;
  /** Transactions in a row that failed by nobody's fault. */
  #abortsInRow = 0;
  #nextLagAt = 0;
  #idle: (() => void)[] = [];
  #endPause: () => void = () => {};

  constructor(config: Config, host: RuntimeHost, parts: ExactlyOnceParts) {
    this.#config = config;
    this.#host = host;
    this.#parts = parts;
    this.#failed = new FailedRecords(config, host, parts.deadLetters);
    this.#formats = { key: config.keyFormat, value: config.valueFormat };
    this.#source = parts.createSource({
      readable: () => this.#pump(),
      failed: (error) => this.#broken(error),
      revoked: () => this.#finishBatch(),
    });
  }

  async start(sink: StarterSink): Promise<void> {
    this.#sink = sink;
    sink.onReady(() => {
      this.#hasRoom = true;
      this.#pumpSoon();
    });
    await this.#parts.line.start();
    if (!this.#isStopping) await this.#source.start();
    if (this.#isStopping) await this.#source.close();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#source.pause();
    this.#endPause();
    await this.#finishBatch();
    await this.#source.close();
    await Promise.all([this.#parts.line.close(), this.#parts.deadLetters.close()]);
  }

  readonly origin = originOf;
  readonly record = recordPlaceOf;

  get waiting(): number {
    return (this.#batch ? Math.max(1, this.#batch.open) : 0) + (this.#source.isReading ? 0 : 1);
  }

  /** Lets the jobs that are under way end, and their transaction. */
  async #finishBatch(): Promise<void> {
    const batch = this.#batch;
    if (!batch) return;
    const ended = new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#close(batch);
    await ended;
    this.#failed.forget();
  }

  /** What is thrown here is a bug: the process fails, it is not tried again. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      this.#handOver();
    } catch (thrown) {
      this.#broken(thrown);
    } finally {
      this.#isPumping = false;
    }
    if (this.#batch) this.#endWhenIdle(this.#batch);
  }

  #handOver(): void {
    let handed = 0;
    while (this.#hasRoom && !this.#isEnding && !this.#isStopping && !this.#batch?.isClosed) {
      if (handed >= recordsPerTurnMax) {
        this.#pumpSoon();
        break;
      }
      const taken = this.#source.take();
      if (!taken) break;
      handed++;
      this.#add(this.#batch ?? this.#begin(), taken);
    }
    if (handed > 0) this.#host.metrics.count('records_received_total', handed);
    this.#tellLag();
  }

  #tellLag(): void {
    const now = this.#host.clock.monotonic();
    if (now < this.#nextLagAt) return;
    this.#nextLagAt = now + lagIntervalMs;
    this.#host.metrics.gauge('consumer_lag_records', this.#source.lag);
  }

  #pumpSoon(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    this.#host.clock.soon(() => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  #begin(): TransactionBatch {
    const { connection, line } = this.#parts;
    line.begin();
    const batch = new TransactionBatch(connection, line.producer, this.#settled);
    batch.cancel = this.#host.clock.after(this.#config.transactionWaitMsMax, () => this.#close(batch));
    this.#batch = batch;
    return batch;
  }

  #add(batch: TransactionBatch, taken: TakenRecord): void {
    batch.count++;
    if (batch.count >= this.#config.transactionRecordsMax) batch.isClosed = true;
    const known = this.#failed.find(batch, taken);
    if (known?.verdict === 'skip') {
      taken.settle();
      batch.asides.push({ known, deadLetter: undefined });
    } else if (known?.letterTopic !== undefined) this.#putAside(batch, taken, known, known.letterTopic);
    else {
      batch.open++;
      const output = new ReceivedMessage(taken.record, this.#formats);
      this.#hasRoom = this.#sink!.emit(new TransactedEvent(output, taken, known?.attempts ?? 0, batch));
    }
  }

  /** The dead letter is a part of the transaction too. */
  #putAside(batch: TransactionBatch, taken: TakenRecord, known: KnownFailure, topic: string): void {
    const { error, attempts } = known;
    const cause = { error, attempts, groupId: this.#config.groupId, atMs: this.#host.clock.now() };
    const failed = (reason: Error) => {
      batch.isSpoiled = true;
      if (!isGivenUp(reason)) batch.lost = { known, reason: reason.message };
      this.#settledOne(batch);
    };
    batch.open++;
    try {
      batch.producer.deliver(deadLetter(taken.record, cause, topic), {
        sent: (partition, offset) => {
          taken.settle();
          batch.asides.push({ known, deadLetter: `${topic}[${partition}] @ ${offset}` });
          this.#settledOne(batch);
        },
        failed,
      });
    } catch (thrown) {
      failed(thrown as Error);
    }
  }

  readonly #settled = (
    batch: TransactionBatch,
    event: TransactedEvent,
    outcome: JobOutcome,
  ): FailedJobFate | undefined => {
    const fate = this.#judge(batch, event, outcome);
    this.#settledOne(batch);
    return fate;
  };

  #judge(batch: TransactionBatch, event: TransactedEvent, outcome: JobOutcome): FailedJobFate | undefined {
    const { taken, attempt, culprit } = event;
    // What its job sent has spoiled the transaction, though an error transition took the failure.
    const error = outcome.ok ? culprit && sendError(culprit) : outcome.error;
    if (event.isVictim || (error && this.#isStopping)) {
      batch.isSpoiled = true;
      return outcome.ok ? undefined : 'again';
    }
    if (!error) {
      taken.settle();
      batch.completed++;
      return undefined;
    }
    const verdict = this.#failed.judge(batch, taken, attempt, error);
    if (outcome.ok || verdict === 'stop') return undefined;
    return verdict === 'retry' ? 'again' : 'aside';
  }

  #settledOne(batch: TransactionBatch): void {
    batch.open--;
    if (!batch.mayCommit) batch.isClosed = true;
    if (batch.open > 0 || this.#isPumping) return;
    if (batch.isClosed) this.#endWhenIdle(batch);
    else this.#pumpSoon();
  }

  #close(batch: TransactionBatch): void {
    batch.isClosed = true;
    this.#endWhenIdle(batch);
  }

  #endWhenIdle(batch: TransactionBatch): void {
    if (batch.open > 0 || this.#isPumping || this.#isEnding || this.#batch !== batch) return;
    // More is to be handed over in it.
    if (this.#isPumpPlanned && !batch.isClosed) return;
    this.#isEnding = true;
    void this.#end(batch);
  }

  async #end(batch: TransactionBatch): Promise<void> {
    batch.isClosed = true;
    batch.cancel();
    try {
      await this.#commitOrGiveUp(batch);
    } catch (thrown) {
      this.#broken(thrown);
    }
    batch.hasEnded = true;
    this.#batch = undefined;
    this.#isEnding = false;
    for (const resolve of this.#idle.splice(0)) resolve();
    this.#pumpSoon();
  }

  async #commitOrGiveUp(batch: TransactionBatch): Promise<void> {
    let cause: unknown;
    if (batch.mayCommit) {
      try {
        await this.#commit(batch);
        return;
      } catch (thrown) {
        cause = thrown;
      }
    }
    batch.hasEnded = true;
    this.#host.metrics.count('transactions_aborted_total');
    await this.#parts.line.abort(cause);
    this.#source.rewind();
    if (this.#isStopping) return;
    if (batch.failures.length > 0 || batch.lost) await this.#pause(await this.#failed.prepare(batch));
    else await this.#pauseAfter(cause);
  }

  async #commit(batch: TransactionBatch): Promise<void> {
    const { groupId } = this.#config;
    const { group } = this.#source;
    if (!group)
      throw new KafkaError('KAFKA_NO_MEMBER', `no member of group "${groupId}" any more`, { retriable: true });
    const offsets = this.#source.offsetsToCommit();
    await this.#parts.line.commit(offsets, group);
    this.#source.committed(offsets);
    this.#host.metrics.count('transactions_committed_total');
    this.#abortsInRow = 0;
    this.#failed.committed(batch);
  }

  #pauseAfter(cause: unknown): Promise<void> {
    const inMs = Math.min(abortPauseMs * 2 ** this.#abortsInRow++, abortPauseMsMax);
    const error = cause === undefined ? 'a part of it was given up' : messageOf(cause);
    this.#host.log.warn('a transaction was given up, its records are read again', { error, inMs });
    return this.#pause(inMs);
  }

  /** Ended early by a stop. */
  #pause(durationMs: number): Promise<void> {
    if (this.#isStopping || durationMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel: Cancel = this.#host.clock.after(durationMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #broken(thrown: unknown): void {
    this.#source.pause();
    this.#sink?.failed(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
