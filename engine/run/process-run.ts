import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { MillraceError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { once } from '../base/once.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { Process } from '../model/document.ts';
import type { Plan } from '../process/plan.ts';
import type { ActivityInstance, JobError, StarterEvent, StarterInstance, StarterSink } from '../spi/runtime.ts';
import { CalledStarter } from './called-starter.ts';
import { closeAll, closeWaitMsMax } from './close-all.ts';
import { FailureReport } from './failure-report.ts';
import { failureOf } from './job-error.ts';
import { JobHistory } from './job-history.ts';
import { JobRunner } from './job-runner.ts';
import { ProcessCounters } from './process-counters.ts';
import type { Failure, ProcessState } from './run-contract.ts';
import type { RunShared } from './run-shared.ts';
import type { RunningJob } from './running-job.ts';
import type { SkippedRecords } from './skipped-records.ts';

/** How long jobs under way may take to end after a stop was asked for; then they are given up. */
export const stopWaitMsMax = 30_000;
/**
 * How long a stop waits for a start that is under way before it stops the starter all the same. A group is joined within three
 * seconds as a rule (`group.initial.rebalance.delay.ms`), and whoever stops a container kills it after ten.
 */
export const startWaitMsMax = 4_000;

/** A process whose activities are opened. */
export interface OpenedProcess {
  readonly process: Process;
  readonly plan: Plan;
  readonly starter: StarterInstance;
  /** Of all processes of the run, by index. */
  readonly instances: readonly (ActivityInstance | undefined)[];
  /** Jobs under way at once, at most. */
  readonly flowLimit: number;
}

export interface ProcessRunOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly runId: string;
  readonly skipped: SkippedRecords;
  readonly shared: RunShared;
  /** Something that listeners see has changed. */
  readonly onChange: (what: 'state' | 'counts') => void;
}

/** One process of a run: its starter, its jobs and its end. */
export class ProcessRun implements StarterSink {
  readonly counters: ProcessCounters;
  readonly history = new JobHistory();
  readonly #opened: OpenedProcess;
  readonly #options: ProcessRunOptions;
  readonly #runner: JobRunner;
  readonly #failures: FailureReport;
  #state: ProcessState = 'starting';
  #failure: Failure | null = null;
  #ready: (() => void) | undefined;
  #isFull = false;
  #hasFinished = false;
  #drained = () => {};
  /** Callers that wait for the end of a job. */
  readonly #waiting: (() => void)[] = [];
  #started: Promise<void> | undefined;
  #lastActiveAt: number;

  constructor(opened: OpenedProcess, options: ProcessRunOptions) {
    const { process, plan, instances, starter } = opened;
    this.#opened = opened;
    this.#options = options;
    this.counters = new ProcessCounters(process);
    this.#failures = new FailureReport(options.clock, options.log.with({ process: process.id }));
    this.#lastActiveAt = options.clock.monotonic();
    this.#runner = new JobRunner({
      plan,
      instances,
      counters: this.counters,
      history: this.history,
      clock: options.clock,
      idPrefix: `${process.id}-${options.runId}`,
      shared: options.shared,
      source: {
        describe: (output) => starter.origin?.(output) ?? plan.activities[plan.starter]!.name,
        locate: (output) => starter.record?.(output) ?? null,
      },
      onFailed: (record, fate) => this.#failures.tell(record, fate),
      onEnded: (at) => this.#jobEnded(at),
    });
  }

  get id(): string {
    return this.#opened.process.id;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get hasEnded(): boolean {
    return this.#state === 'finished' || this.#state === 'stopped' || this.#state === 'failed';
  }

  /** Milliseconds since a job was last started or ended; 0 while one is under way or waits for another try. */
  get idleMs(): number {
    const isBusy = this.#runner.active > 0 || (this.#opened.starter.waiting ?? 0) > 0;
    return isBusy ? 0 : this.#options.clock.monotonic() - this.#lastActiveAt;
  }

  /**
   * Starts the starter. Rejects when it cannot; the process has failed then and still must be stopped. Stopped before or
   * meanwhile, it resolves and starts nothing.
   */
  async start(): Promise<void> {
    if (this.#state !== 'starting') return;
    try {
      this.#started = this.#opened.starter.start(this);
      await this.#started;
    } catch (error) {
      if (this.#state !== 'starting') return;
      this.#failure ??= failureOf(error, this.#starterId);
      throw error;
    }
    this.#lastActiveAt = this.#options.clock.monotonic();
    if (this.#state === 'starting') this.#setState('running');
    this.#maybeFinish();
  }

  /** Takes nothing new, lets jobs end within `stopWaitMsMax`, acknowledges, closes. A second call waits for the first. */
  readonly stop = once(() => this.#stop());

  emit(event: StarterEvent): boolean {
    // A starter that outlives its stop must not work on behind everybody's back.
    if (this.hasEnded) {
      event.settle({ ok: false, error: abandoned('the process has ended') });
      return false;
    }
    const { log, skipped } = this.#options;
    if (skipped.take(event, this.#opened.starter, log)) return !this.#isFull;
    this.#runner.run(event);
    this.#options.onChange('counts');
    this.#isFull = this.#runner.active >= this.#opened.flowLimit;
    return !this.#isFull;
  }

  /** Whether a job of it is under way. */
  get isBusy(): boolean {
    return this.#runner.active > 0;
  }

  /** Whether it is run by calls alone. */
  get isCalled(): boolean {
    return this.#opened.starter instanceof CalledStarter;
  }

  /**
   * Starts a job of this process for one that calls it; gives its id. While as many as the flow limit are under way, the caller waits, in
   * the order in which callers came. A job of a called process does not wait, as it would hold up itself: it fails with SPAWN_LIMIT.
   */
  async spawn(input: Readonly<Record<string, unknown>>, caller: RunningJob, mayWait: boolean): Promise<string> {
    const { starter, flowLimit } = this.#opened;
    assert(starter instanceof CalledStarter, 'only a process that is called has jobs of callers');
    while (this.#runner.active >= flowLimit && !this.hasEnded) {
      if (!mayWait) {
        const message = `expected at most ${flowLimit} jobs of "${this.id}" at once, and a called process cannot wait for their end`;
        throw new MillraceError('SPAWN_LIMIT', message, { retriable: true });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.hasEnded) throw new MillraceError('SPAWN_STOPPED', `process "${this.id}" has ended`, { retriable: true });
    const event = starter.event(input, caller.record.id);
    const id = this.#runner.run(event, caller);
    this.#options.onChange('counts');
    return id;
  }

  onReady(callback: () => void): void {
    this.#ready = callback;
  }

  finished(): void {
    this.#hasFinished = true;
    this.#maybeFinish();
  }

  failed(error: Error): void {
    if (this.hasEnded || this.#failure) return;
    this.#failure = failureOf(error, this.#starterId);
    this.#options.log.error('process failed', {
      ...{ process: this.id, code: this.#failure.code, error: error.message },
      // A bug of ours: the stack is what helps.
      ...(error instanceof MillraceError ? {} : { stack: error.stack }),
    });
    void this.stop();
  }

  get #starterId(): string {
    const { activities, starter } = this.#opened.plan;
    return activities[starter]!.id;
  }

  #setState(state: ProcessState): void {
    this.#state = state;
    this.#options.onChange('state');
  }

  #jobEnded(at: number): void {
    this.#lastActiveAt = at;
    this.#options.onChange('counts');
    const { active } = this.#runner;
    this.#waiting.shift()?.();
    if (active === 0) this.#drained();
    this.#maybeFinish();
    if (!this.#isFull || active >= this.#opened.flowLimit) return;
    this.#isFull = false;
    this.#ready?.();
  }

  #maybeFinish(): void {
    if (this.#hasFinished && this.#state === 'running' && this.#runner.active === 0) void this.stop();
  }

  async #stop(): Promise<void> {
    const { starter, instances, plan } = this.#opened;
    const { clock, log } = this.#options;
    const isFinished = this.#hasFinished && this.#runner.active === 0 && !this.#failure;
    this.#setState('stopping');
    // A starter is stopped after its start has come to an end, one way or the other, if that end comes soon.
    await settledWithin(clock, startWaitMsMax, this.#started ?? Promise.resolve());
    const stopped = Promise.allSettled([this.#stopStarter(starter), this.#allJobsEnded()]);
    this.#runner.giveUpWaits(abandoned('the process was stopped while the job waited'));
    if (!(await settledWithin(clock, stopWaitMsMax, stopped))) {
      log.warn('jobs did not end in time and are given up', {
        process: this.id,
        jobs: this.#runner.active,
        afterMs: stopWaitMsMax,
      });
      const message = `the process was stopped and the job did not end within ${stopWaitMsMax} ms`;
      this.#runner.abandonAll(abandoned(message));
      await settledWithin(clock, closeWaitMsMax, stopped);
    }
    this.#failures.flush();
    for (const resolve of this.#waiting.splice(0)) resolve();
    const closing = plan.activities.map(
      ({ index }) =>
        () =>
          instances[index]?.close?.(),
    );
    if (!(await closeAll(clock, closing)))
      log.warn('activities did not close in time', { process: this.id, afterMs: closeWaitMsMax });
    this.#setState(this.#failure ? 'failed' : isFinished ? 'finished' : 'stopped');
  }

  async #stopStarter(starter: StarterInstance): Promise<void> {
    try {
      await starter.stop();
    } catch (error) {
      this.#options.log.warn('the starter did not stop in order', { process: this.id, error: messageOf(error) });
    }
  }

  #allJobsEnded(): Promise<void> {
    if (this.#runner.active === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }
}

function abandoned(message: string): JobError {
  return { code: 'JOB_ABANDONED', message, activity: '', retriable: true };
}
