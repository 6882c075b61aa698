import type { Clock } from '../base/clock.ts';
import type { ConditionOutcome } from '../process/conditions.ts';
import { evaluateConditions, sourceOf } from '../process/conditions.ts';
import type { JobEvent, StepEffects } from '../process/events.ts';
import { clearEffects, createEffects } from '../process/events.ts';
import type { Job } from '../process/job.ts';
import { createJob, plannedOf } from '../process/job.ts';
import { dataFor } from '../process/job-data.ts';
import type { Plan } from '../process/plan.ts';
import { step } from '../process/step.ts';
import { Later } from '../spi/later.ts';
import type { ActivityInstance, FailedJobFate, JobError, JobOutcome, StarterEvent } from '../spi/runtime.ts';
import { ConstructAsks } from './construct-asks.ts';
import { ConstructNotes, frameIn } from './construct-notes.ts';
import { toFailure, toJobError } from './job-error.ts';
import type { JobHistory } from './job-history.ts';
import type { JobSource } from './job-record.ts';
import { JobRecord, newRecord } from './job-record.ts';
import type { ProcessCounters } from './process-counters.ts';
import type { RunShared } from './run-shared.ts';
import type { ExecutionOwner } from './running-job.ts';
import { Execution, RunningJob } from './running-job.ts';

/** What a job runner works with. */
export interface JobRunnerOptions {
  readonly plan: Plan;
  /** Opened activities by index in the plan; undefined for the starter and for disabled ones. */
  readonly instances: readonly (ActivityInstance | undefined)[];
  readonly counters: ProcessCounters;
  readonly history: JobHistory;
  readonly clock: Clock;
  /** Begins every job id; a number follows. */
  readonly idPrefix: string;
  readonly source: JobSource;
  /** What the processes of a run share; left out for a process that nothing calls and that calls nothing. */
  readonly shared: RunShared;
  /** Called after each job that failed, when its starter has said what becomes of it. */
  readonly onFailed: (record: JobRecord, fate: FailedJobFate | undefined) => void;
  /** Called after each job, when it is counted and its starter has been told, with the monotonic time of its end. */
  readonly onEnded: (at: number) => void;
}

interface QueuedEvent {
  readonly running: RunningJob;
  readonly event: JobEvent;
}

/**
 * Performs what `step` decides, for all jobs of one process. Events wait in one queue and are worked off in a loop, so a job of
 * synchronous steps runs to its end inside `run` without a promise, and a job that starts another does not deepen the stack.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #effects = createEffects();
  readonly #owner: ExecutionOwner = {
    completed: (execution, output) => this.#completed(execution, output),
    failed: (execution, thrown) => this.#failed(execution, toJobError(thrown, execution.planned.id)),
  };
  readonly #asks: ConstructAsks;
  readonly #notes: ConstructNotes;
  #queue: QueuedEvent[] = [];
  #isDraining = false;
  /** Set once the process stops. */
  #waitsEndWith: JobError | undefined;
  #sequence = 0;
  /** Monotonic time of what is worked off: an execution begins when what led to it ended. */
  #at = 0;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    const { clock, shared } = options;
    this.#notes = new ConstructNotes({ now: () => this.#now(), countersOf: (process) => this.#countersOf(process) });
    this.#asks = new ConstructAsks({ clock, ...shared, post: (running, answer) => this.#answered(running, answer) });
  }

  get active(): number {
    return this.#options.history.runningCount;
  }

  /** Makes a job of an event and runs it as far as it goes at once. Gives its id. */
  run(event: StarterEvent, caller?: RunningJob): string {
    const { plan, idPrefix, clock, counters, history, source } = this.#options;
    const id = `${idPrefix}-${++this.#sequence}`;
    const { output } = event;
    const startedAt = this.#now();
    const { id: starter, slot } = plan.activities[plan.starter]!;
    const first = newRecord(slot, starter, 'completed', startedAt);
    first.endedAt = startedAt;
    first.output = output;
    const job = createJob(plan, id);
    const running = new RunningJob(job, new JobRecord(job, clock.now(), first, source), event);
    caller?.copyVariables(running);
    counters.started(starter);
    counters.ended(starter, true);
    counters.jobs.active++;
    history.started(running);
    this.#post(running, { type: 'started', output });
    return id;
  }

  /**
   * From now on gives up every job that does nothing but wait, for its next try or for a lock: a wait may be longer than a stop. Its starter is
   * told, as of any job that is given up.
   */
  giveUpWaits(error: JobError): void {
    this.#waitsEndWith = error;
    this.#now();
    for (const running of this.#options.history.allRunning()) this.#endWait(running);
  }

  #endWait(running: RunningJob): void {
    const error = this.#waitsEndWith;
    if (error === undefined || running.isAbandoned || running.job.hasEnded || !running.isWaiting) return;
    running.abandon();
    this.#end(running, { ok: false, error });
  }

  /** Gives up every job under way: its starter is told that it failed, its activities are told to stop. */
  abandonAll(error: JobError): void {
    this.#now();
    for (const running of this.#options.history.allRunning()) {
      running.abandon();
      this.#end(running, { ok: false, error });
    }
  }

  #now(): number {
    this.#at = this.#options.clock.monotonic();
    return this.#at;
  }

  #answered(running: RunningJob, answer: JobEvent): void {
    this.#now();
    this.#post(running, answer);
  }

  #post(running: RunningJob, event: JobEvent): void {
    if (running.isAbandoned || isOver(running, event)) return;
    if (this.#isDraining) {
      this.#queue.push({ running, event });
      return;
    }
    this.#isDraining = true;
    try {
      this.#step(running, event);
      if (this.#queue.length > 0) this.#drain();
    } finally {
      this.#isDraining = false;
    }
  }

  #drain(): void {
    const queue = this.#queue;
    try {
      // The queue grows while it is worked off; it holds at most one event per activity under way.
      for (let next = 0; next < queue.length; next++) {
        const { running, event } = queue[next]!;
        if (running.isAbandoned || isOver(running, event)) continue;
        this.#step(running, event);
      }
    } finally {
      this.#queue = [];
    }
  }

  #step(running: RunningJob, event: JobEvent): void {
    const effects = this.#effects;
    clearEffects(effects);
    step(running.job, event, effects);
    this.#notes.take(running, effects);
    // Grows while it is worked off: a condition that is evaluated at once is answered at once, without the queue.
    for (let next = 0; next < effects.evaluate.length; next++) {
      const execution = effects.evaluate[next]!;
      if (!isGivenUp(running, execution)) this.#evaluate(running, execution, effects);
    }
    for (const { id, process } of effects.taken) this.#countersOf(process).taken(id);
    for (const ask of effects.asks) if (!isGivenUp(running, ask.execution)) this.#asks.perform(running, ask);
    // Nothing below steps: what answers at once is queued, so the lists stay as they are.
    for (const execution of effects.execute) this.#execute(running, execution);
    if (effects.ended) this.#end(running, effects.ended);
    else if (this.#waitsEndWith) this.#endWait(running);
  }

  /** Those of the process that an activity is of: its own, or of one that it calls. */
  #countersOf(process: string): ProcessCounters {
    const { plan, counters, shared } = this.#options;
    return process === plan.processId ? counters : shared.countersOf(process);
  }

  #execute(running: RunningJob, id: number): void {
    const activity = plannedOf(running.job, id);
    const record = newRecord(id, activity.id, 'running', this.#at, frameIn(running.job, id));
    running.record.add(record);
    this.#countersOf(activity.process).started(activity.id);
    const execution = new Execution(running, activity, record, this.#owner);
    try {
      const input = activity.input.evaluate(dataFor(running.job, id));
      if (!(input instanceof Promise)) {
        this.#invoke(execution, input);
        return;
      }
      input.then(
        (mapped) => this.#invoke(execution, mapped),
        (thrown) => this.#mappingFailed(execution, thrown),
      );
    } catch (thrown) {
      this.#mappingFailed(execution, thrown);
    }
  }

  /** Its own failure, or that of the record which it read. */
  #mappingFailed(execution: Execution, thrown: unknown): void {
    const error = toJobError(thrown, execution.planned.id);
    this.#failed(execution, { ...error, ...sourceOf(this.#options.plan, error.code) });
  }

  #invoke(execution: Execution, input: Record<string, unknown>): void {
    if (execution.running.isAbandoned || execution.running.isCancelled(execution.execution)) return;
    execution.record.input = input;
    let output: unknown;
    try {
      output = this.#options.instances[execution.planned.index]!.execute(input, execution);
    } catch (thrown) {
      execution.failed(thrown);
      return;
    }
    if (output instanceof Later) output.listen(execution);
    else if (isPromiseLike(output)) {
      output.then(
        (value) => execution.completed(value),
        (thrown) => execution.failed(thrown),
      );
    } else execution.completed(output);
  }

  #completed({ running, planned, record }: Execution, output: unknown): void {
    const isCancelled = running.isCancelled(record.execution);
    running.ended(record.execution);
    if (running.isAbandoned || isCancelled) return;
    record.state = 'completed';
    record.endedAt = this.#now();
    record.output = output;
    this.#countersOf(planned.process).ended(planned.id, true);
    this.#post(running, { type: 'completed', execution: record.execution, output });
  }

  #failed({ running, planned, record }: Execution, error: JobError): void {
    const isCancelled = running.isCancelled(record.execution);
    running.ended(record.execution);
    if (running.isAbandoned || isCancelled) return;
    record.state = 'failed';
    record.endedAt = this.#now();
    record.failure = toFailure(error);
    this.#countersOf(planned.process).ended(planned.id, false);
    this.#post(running, { type: 'failed', execution: record.execution, error: this.#placed(running, error) });
  }

  #evaluate(running: RunningJob, execution: number, effects: StepEffects): void {
    let outcome: ConditionOutcome | Promise<ConditionOutcome>;
    try {
      outcome = evaluateConditions(running.job, execution);
    } catch (thrown) {
      outcome = brokenCondition(running.job, execution, thrown);
    }
    if (!(outcome instanceof Promise)) {
      step(running.job, this.#noted(running, outcome), effects);
      this.#notes.take(running, effects);
      return;
    }
    outcome
      .catch((thrown) => brokenCondition(running.job, execution, thrown))
      .then((later) => this.#post(running, this.#noted(running, later)));
  }

  /** An activity that had completed has failed after all: a condition behind it. */
  #noted(running: RunningJob, outcome: ConditionOutcome): ConditionOutcome {
    if (outcome.type !== 'failed') return outcome;
    const record = running.record.find(outcome.execution);
    if (record) {
      record.state = 'failed';
      record.failure = toFailure(outcome.error);
    }
    return { ...outcome, error: this.#placed(running, outcome.error) };
  }

  /** An error as data names the record that the job is about. */
  #placed({ event }: RunningJob, error: JobError): JobError {
    const record = this.#options.source.locate(event.output);
    return record ? { ...error, record } : error;
  }

  #end(running: RunningJob, outcome: JobOutcome): void {
    const { counters, history, onEnded, onFailed } = this.#options;
    const { record, event } = running;
    // Only a job that was given up still has activities under way.
    if (running.isAbandoned) this.#failRunning(record);
    running.releaseAll();
    record.state = outcome.ok ? 'completed' : 'failed';
    const failure = outcome.ok ? null : toFailure(outcome.error);
    record.failure = failure;
    const endedAt = this.#at;
    record.endedAt = endedAt;
    counters.jobs.active--;
    if (outcome.ok) counters.jobs.completed++;
    // The record could not be read: that is where people look for it.
    if (failure?.readBy && failure.activity) record.failStarter(failure);
    history.ended(running);
    const fate = event.settle(outcome);
    if (failure) {
      counters.jobFailed(failure, fate !== undefined);
      onFailed(record, fate);
    }
    onEnded(endedAt);
  }

  #failRunning(record: JobRecord): void {
    for (const each of record.activities()) {
      if (each.state !== 'running') continue;
      each.state = 'failed';
      this.#countersOf(each.frame?.scope.process ?? record.process).ended(each.activity, false);
    }
  }
}

/** Whether an event is of an execution that was given up since it happened, or of a job that is over. */
function isOver(running: RunningJob, event: JobEvent): boolean {
  return event.type !== 'started' && isGivenUp(running, event.execution);
}

function isGivenUp(running: RunningJob, execution: number): boolean {
  return running.job.hasEnded || running.isCancelled(execution);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function brokenCondition(job: Job, execution: number, thrown: unknown): ConditionOutcome {
  return { type: 'failed', execution, error: toJobError(thrown, plannedOf(job, execution).id) };
}
