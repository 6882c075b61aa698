import type { Job } from '../process/job.ts';
import { isWaiting } from '../process/job.ts';
import type { PlannedActivity } from '../process/plan.ts';
import type { LaterListener } from '../spi/later.ts';
import type { EventAbilities, EventAbility, JobContext, StarterEvent } from '../spi/runtime.ts';
import type { ActivityRecord, JobRecord } from './job-record.ts';
import type { Release } from './locks.ts';

/** A job under way: the engine's own state of it, what the history notes, and whom to tell how it ended. */
export class RunningJob {
  readonly job: Job;
  readonly record: JobRecord;
  readonly event: StarterEvent;
  /** Its place in the chain of jobs under way. */
  older: RunningJob | undefined;
  newer: RunningJob | undefined;
  /** Given up: whatever its activities still answer is ignored. */
  isAbandoned = false;
  /** What the engine itself executes holds, by execution: timers and locks. */
  #held: Map<number, Release> | undefined;
  #cancelled: Set<number> | undefined;
  #controllers: Map<number, AbortController> | undefined;
  #variables: Map<unknown, unknown> | undefined;

  constructor(job: Job, record: JobRecord, event: StarterEvent) {
    this.job = job;
    this.record = record;
    this.event = event;
  }

  abandon(): void {
    this.isAbandoned = true;
    for (const controller of this.#controllers?.values() ?? []) controller.abort();
  }

  get variables(): Map<unknown, unknown> {
    this.#variables ??= new Map();
    return this.#variables;
  }

  /** The job variables as they are now, for a job that is spawned. */
  copyVariables(to: RunningJob): void {
    if (this.#variables) to.#variables = new Map(this.#variables);
  }

  /** That of one execution, made when its activity first asks for it. */
  signalOf(execution: number): AbortSignal {
    this.#controllers ??= new Map();
    let controller = this.#controllers.get(execution);
    if (!controller) {
      controller = new AbortController();
      if (this.isAbandoned || this.isCancelled(execution)) controller.abort();
      this.#controllers.set(execution, controller);
    }
    return controller.signal;
  }

  /** Gives up one execution: it is told to stop, and what it still answers is ignored. */
  cancel(execution: number): void {
    this.#cancelled ??= new Set();
    this.#cancelled.add(execution);
    this.release(execution);
    this.#controllers?.get(execution)?.abort();
  }

  isCancelled(execution: number): boolean {
    return this.#cancelled?.has(execution) === true;
  }

  /** Whether it does nothing but wait, for time or for a lock. */
  get isWaiting(): boolean {
    return this.#held !== undefined && this.#held.size > 0 && isWaiting(this.job);
  }

  /** Keeps what an execution holds until it is over. */
  hold(execution: number, release: Release): void {
    this.#held ??= new Map();
    this.#held.set(execution, release);
  }

  /** An execution is over: what it held is given back. */
  release(execution: number): void {
    const release = this.#held?.get(execution);
    if (!release) return;
    this.#held!.delete(execution);
    release();
  }

  /** What an execution held is over by itself: a timer that fired. */
  forget(execution: number): void {
    this.#held?.delete(execution);
  }

  /** An execution has ended, or has answered although it was given up. */
  ended(execution: number): void {
    this.#controllers?.delete(execution);
    this.#cancelled?.delete(execution);
  }

  /** The job is over. */
  releaseAll(): void {
    for (const execution of [...(this.#held?.keys() ?? [])]) this.release(execution);
  }
}

/** Who is told how an execution ended. */
export interface ExecutionOwner {
  completed(execution: Execution, output: unknown): void;
  failed(execution: Execution, thrown: unknown): void;
}

/** One execution of an activity, in one object: what the activity sees of its job, and who hears of its result. */
export class Execution implements JobContext<EventAbility>, LaterListener<unknown> {
  readonly running: RunningJob;
  /** Id inside the job. */
  readonly execution: number;
  readonly planned: PlannedActivity;
  readonly record: ActivityRecord;
  readonly #owner: ExecutionOwner;

  constructor(running: RunningJob, planned: PlannedActivity, record: ActivityRecord, owner: ExecutionOwner) {
    this.running = running;
    this.execution = record.execution;
    this.planned = planned;
    this.record = record;
    this.#owner = owner;
  }

  get id(): string {
    return this.running.job.id;
  }

  get process(): string {
    return this.planned.process;
  }

  get activity(): string {
    return this.planned.id;
  }

  get signal(): AbortSignal {
    return this.running.signalOf(this.execution);
  }

  get variables(): Map<unknown, unknown> {
    return this.running.variables;
  }

  /** The rules have seen to it that the starter offers what the activity needs. */
  get event(): EventAbilities {
    return (this.running.event.abilities ?? {}) as EventAbilities;
  }

  get transaction(): unknown {
    return this.running.event.transaction;
  }

  completed(output: unknown): void {
    this.#owner.completed(this, output);
  }

  failed(thrown: unknown): void {
    this.#owner.failed(this, thrown);
  }
}
