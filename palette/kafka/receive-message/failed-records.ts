import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { JobError, RuntimeHost } from '../../../engine/spi/runtime.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { FailureSettings, FailureVerdict } from './failure-policy.ts';
import { afterFailure, backoffMs, stopMessage } from './failure-policy.ts';
import type { KnownFailure, TransactionBatch } from './transaction-batch.ts';
import { placeOf } from './transaction-batch.ts';

type Settings = FailureSettings & { readonly retryBackoffMs: number };

/** What is known of records whose jobs failed in a transaction that was given up: it is for the next one to do what that means. */
export class FailedRecords {
  readonly #settings: Settings;
  readonly #host: RuntimeHost;
  readonly #deadLetters: Pick<DeadLetters, 'prepare'>;
  readonly #known = new Map<string, KnownFailure>();
  /** Records in a row that were put aside. */
  #inRow = 0;

  constructor(settings: Settings, host: RuntimeHost, deadLetters: Pick<DeadLetters, 'prepare'>) {
    this.#settings = settings;
    this.#host = host;
    this.#deadLetters = deadLetters;
  }

  /** What is known of a record that is handed over (again). */
  find(batch: TransactionBatch, taken: TakenRecord): KnownFailure | undefined {
    if (this.#known.size === 0) return undefined;
    const place = placeOf(taken);
    const known = this.#known.get(place);
    if (known) batch.again.push(place);
    return known;
  }

  /** The job of a record has failed for the `attempt`-th time (from 0). */
  judge(batch: TransactionBatch, taken: TakenRecord, attempt: number, error: JobError): FailureVerdict {
    const letters = batch.failures.filter(({ verdict }) => verdict === 'dead-letter').length;
    const verdict = afterFailure(this.#settings, { attempt, error, inRow: this.#inRow + letters });
    const known: KnownFailure = { taken, attempts: attempt + 1, verdict, error, letterTopic: undefined };
    this.#known.set(placeOf(taken), known);
    batch.failures.push(known);
    return verdict;
  }

  /** What was put aside in a transaction is so for good: it is committed. */
  committed({ completed, again, asides }: TransactionBatch): void {
    if (completed > 0) this.#inRow = 0;
    for (const place of again) this.#known.delete(place);
    for (const { known, deadLetter } of asides) {
      const where = describe(known);
      if (deadLetter === undefined) this.#host.log.warn('job failed, its record is skipped', where);
      else {
        this.#inRow++;
        this.#host.log.warn('job failed, its record is in the dead-letter topic', { ...where, deadLetter });
      }
      this.#host.metrics.count(deadLetter === undefined ? 'records_skipped_total' : 'records_dead_lettered_total');
    }
  }

  /** Others read on: whoever comes next begins to count anew. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * Before the records of a transaction are read again: sees to the topics of dead letters. Gives the milliseconds to wait before that.
   * Throws RECORD_FAILED where the process has to stop.
   */
  async prepare({ failures, lost }: TransactionBatch): Promise<number> {
    const final = failures.find(({ verdict }) => verdict === 'stop');
    if (final) throw this.#stop(final);
    if (lost) throw this.#stop(lost.known, lost.reason);
    for (const known of failures) {
      if (known.verdict !== 'dead-letter') continue;
      try {
        known.letterTopic = await this.#deadLetters.prepare(known.taken.record);
      } catch (thrown) {
        throw this.#stop(known, messageOf(thrown));
      }
    }
    const retried = failures.filter(({ verdict }) => verdict === 'retry');
    if (retried.length === 0) return 0;
    const attempt = Math.max(...retried.map(({ attempts }) => attempts - 1));
    const inMs = backoffMs(this.#settings, attempt, this.#host.random.next());
    for (const known of retried)
      this.#host.log.warn('job failed, trying its transaction again', { ...describe(known), inMs });
    return inMs;
  }

  #stop({ taken: { record }, attempts, error }: KnownFailure, lostBecause?: string): MillraceError {
    const more = lostBecause === undefined ? '' : `, and the dead letter could not be sent: ${lostBecause}`;
    const message = stopMessage(this.#settings, record, { attempt: attempts - 1, error, inRow: this.#inRow, more });
    const { topic, partition, offset } = record;
    return new MillraceError('RECORD_FAILED', message, { details: { error, record: { topic, partition, offset } } });
  }
}

function describe({ taken, attempts, error }: KnownFailure): Record<string, unknown> {
  const { topic, partition, offset } = taken.record;
  return { topic, partition, offset, attempts, code: error.code, error: error.message };
}
