import type { Cancel } from '../../../engine/base/clock.ts';
import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type {
  FailedJobFate,
  JobError,
  JobOutcome,
  RuntimeHost,
  StarterEvent,
  StarterInstance,
  StarterSink,
} from '../../../engine/spi/runtime.ts';
import type declaration from './activity.ts';
import type { DeadLetterTarget } from './dead-letters.ts';
import { afterFailure, backoffMs, stopMessage } from './failure-policy.ts';
import type { MessageFormats } from './received-message.ts';
import { originOf, ReceivedMessage, recordPlaceOf } from './received-message.ts';

type Config = ConfigOfDeclaration<typeof declaration>;

/** Records handed over in one turn, so that sockets and heartbeats get theirs between. */
const recordsPerTurnMax = 500;

const lagIntervalMs = 1_000;

/** A record that was handed over, of a group or of a queue. */
export interface HandedRecord extends TakenRecord {
  /** In a queue: how often it was handed to somebody before. */
  readonly earlierTries?: number;
  /** In a queue: somebody else may try it next. */
  giveBack?(): void;
}

/** A record whose job failed and will be tried again. */
interface Retry {
  readonly taken: HandedRecord;
  readonly attempt: number;
}

/** One record as an event of the process. */
class RecordEvent implements StarterEvent {
  readonly output: ReceivedMessage;
  readonly taken: HandedRecord;
  readonly attempt: number;
  readonly #settled: (event: RecordEvent, outcome: JobOutcome) => FailedJobFate | undefined;

  constructor(
    output: ReceivedMessage,
    taken: HandedRecord,
    attempt: number,
    settled: (event: RecordEvent, outcome: JobOutcome) => FailedJobFate | undefined,
  ) {
    this.output = output;
    this.taken = taken;
    this.attempt = attempt;
    this.#settled = settled;
  }

  settle(outcome: JobOutcome): FailedJobFate | undefined {
    return this.#settled(this, outcome);
  }
}

/** Where records come from: a member of a consumer group, as far as a starter needs it. */
export interface RecordSource {
  readonly lag: number;
  /** False while it waits for its partitions. */
  readonly isReading: boolean;
  start(): Promise<void>;
  take(): HandedRecord | undefined;
  pause(): void;
  close(): Promise<void>;
}

/** What a source tells the starter. */
export interface SourceListener {
  /** `take` may give something now. */
  readable(): void;
  /** No more records will come, and no retry mends it: a refusal, or a bug. */
  failed(error: unknown): void;
  /** Before partitions are given up. Waited for: what is under way of them is finished first. */
  revoked?(): Promise<void>;
}

/** Turns records into jobs and job outcomes into settled offsets, as the fields of the form say. */
export class MessageStarter implements StarterInstance {
  readonly #config: Config;
  readonly #host: RuntimeHost;
  readonly #formats: MessageFormats;
  readonly #consumer: RecordSource;
  readonly #deadLetters: DeadLetterTarget;
  #sink: StarterSink | undefined;
  #hasRoom = true;
  #isPumpPlanned = false;
  #isStopping = false;
  #open = 0;
  #nextLagAt = 0;
  #retries: Retry[] = [];
  /** Records that failed for good since the last job that ended well. */
  #inRow = 0;
  readonly #pauses = new Set<Cancel>();
  #idle = () => {};

  constructor(
    config: Config,
    host: RuntimeHost,
    createSource: (listener: SourceListener) => RecordSource,
    deadLetters: DeadLetterTarget,
  ) {
    this.#config = config;
    this.#host = host;
    this.#formats = { key: config.keyFormat, value: config.valueFormat };
    this.#deadLetters = deadLetters;
    this.#consumer = createSource({ readable: () => this.#pump(), failed: (error) => this.#broken(error) });
  }

  async start(sink: StarterSink): Promise<void> {
    this.#sink = sink;
    // Jobs end in bursts, as the records that they sent are acknowledged: what has room after one is handed over together.
    sink.onReady(() => {
      this.#hasRoom = true;
      this.#pumpSoon();
    });
    await this.#consumer.start();
    // Stopped while it joined: what the join has begun since is ended as well.
    if (this.#isStopping) await this.#consumer.close();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#consumer.pause();
    // A record that waits for its next try is given back: its offset stays uncommitted and a restart reads it again.
    this.#open -= this.#retries.length + this.#pauses.size;
    this.#retries = [];
    for (const cancel of this.#pauses) cancel();
    this.#pauses.clear();
    if (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await Promise.all([this.#deadLetters.close(), this.#consumer.close()]);
  }

  readonly origin = originOf;
  readonly record = recordPlaceOf;

  get waiting(): number {
    return this.#open + (this.#consumer.isReading ? 0 : 1);
  }

  /** What is thrown here is a bug, and nobody above would hear it: the process fails, it is not tried again. */
  #pump(): void {
    try {
      this.#handOver();
    } catch (thrown) {
      this.#broken(thrown);
    }
  }

  #broken(thrown: unknown): void {
    this.#consumer.pause();
    this.#sink?.failed(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }

  #handOver(): void {
    let handed = 0;
    try {
      for (; this.#hasRoom && !this.#isStopping; handed++) {
        if (handed >= recordsPerTurnMax) {
          this.#pumpSoon();
          return;
        }
        const retry = this.#retries.shift();
        const taken = retry?.taken ?? this.#consumer.take();
        if (!taken) break;
        if (!retry) this.#open++;
        this.#emit(taken, retry?.attempt ?? taken.earlierTries ?? 0);
      }
    } finally {
      if (handed > 0) this.#host.metrics.count('records_received_total', handed);
    }
    this.#tellLag();
  }

  /** The lag is a sum over all partitions: too much for every record. */
  #tellLag(): void {
    const now = this.#host.clock.monotonic();
    if (now < this.#nextLagAt) return;
    this.#nextLagAt = now + lagIntervalMs;
    this.#host.metrics.gauge('consumer_lag_records', this.#consumer.lag);
  }

  #pumpSoon(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    this.#host.clock.soon(() => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  #emit(taken: HandedRecord, attempt: number): void {
    const output = new ReceivedMessage(taken.record, this.#formats);
    this.#hasRoom = this.#sink!.emit(new RecordEvent(output, taken, attempt, this.#settled));
  }

  readonly #settled = ({ taken, attempt }: RecordEvent, outcome: JobOutcome): FailedJobFate | undefined => {
    if (!outcome.ok) return this.#failed(taken, attempt, outcome.error);
    this.#inRow = 0;
    this.#done(taken);
    return undefined;
  };

  #failed(taken: HandedRecord, attempt: number, error: JobError): FailedJobFate | undefined {
    if (this.#isStopping) {
      this.#giveBack();
      return 'again';
    }
    const { topic, partition, offset } = taken.record;
    const where = { topic, partition, offset, code: error.code, error: error.message };
    switch (afterFailure(this.#config, { attempt, error, inRow: this.#inRow })) {
      case 'skip':
        this.#host.log.warn('job failed, its record is skipped', where);
        this.#host.metrics.count('records_skipped_total');
        this.#done(taken);
        return 'aside';
      case 'retry':
        this.#retryLater(taken, attempt, where);
        return 'again';
      case 'dead-letter':
        this.#inRow++;
        void this.#putAside(taken, attempt, error, where);
        return 'aside';
      case 'stop':
        this.#stopProcess(taken, attempt, error);
        return undefined;
    }
  }

  /** The offset is settled only when the dead letter is safe. */
  async #putAside(
    taken: HandedRecord,
    attempt: number,
    error: JobError,
    where: Record<string, unknown>,
  ): Promise<void> {
    const { groupId } = this.#config;
    const cause = { error, groupId, attempts: attempt + 1, atMs: this.#host.clock.now() };
    try {
      const to = await this.#deadLetters.send(taken.record, cause);
      const deadLetter = `${to.topic}[${to.partition}] @ ${to.offset}`;
      this.#host.log.warn('job failed, its record is in the dead-letter topic', { ...where, deadLetter });
      this.#host.metrics.count('records_dead_lettered_total');
      this.#done(taken);
    } catch (thrown) {
      if (this.#isStopping) this.#giveBack();
      else this.#stopProcess(taken, attempt, error, `, and the dead letter could not be sent: ${messageOf(thrown)}`);
    }
  }

  #retryLater(taken: HandedRecord, attempt: number, where: Record<string, unknown>): void {
    const delayMs = backoffMs(this.#config, attempt, this.#host.random.next());
    this.#host.log.warn('job failed, trying its record again', { ...where, retry: attempt + 1, inMs: delayMs });
    const cancel = this.#host.clock.after(delayMs, () => {
      this.#pauses.delete(cancel);
      if (taken.giveBack) {
        taken.giveBack();
        this.#giveBack();
        return;
      }
      this.#retries.push({ taken, attempt: attempt + 1 });
      this.#pump();
    });
    this.#pauses.add(cancel);
  }

  #done(taken: HandedRecord): void {
    taken.settle();
    this.#giveBack();
  }

  #giveBack(): void {
    this.#open--;
    if (this.#isStopping && this.#open <= 0) this.#idle();
  }

  #stopProcess({ record }: HandedRecord, attempt: number, error: JobError, more = ''): void {
    const { topic, partition, offset } = record;
    const message = stopMessage(this.#config, record, { attempt, error, inRow: this.#inRow, more });
    this.#giveBack();
    this.#consumer.pause();
    const details = { error, record: { topic, partition, offset } };
    this.#sink!.failed(new MillraceError('RECORD_FAILED', message, { details }));
  }
}
