import type { Job } from '../process/job.ts';
import type { PlannedActivity } from '../process/plan.ts';
import type { LaterListener } from '../spi/later.ts';
import type { EventAbilities, EventAbility, JobContext, StarterEvent } from '../spi/runtime.ts';
import type { ActivityRecord, JobRecord } from './job-record.ts';

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
  #controller: AbortController | undefined;

  constructor(job: Job, record: JobRecord, event: StarterEvent) {
    this.job = job;
    this.record = record;
    this.event = event;
  }

  /** Made when an activity first asks for it: most never do. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.isAbandoned) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  abandon(): void {
    this.isAbandoned = true;
    this.#controller?.abort();
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
    return this.running.job.plan.processId;
  }

  get activity(): string {
    return this.planned.id;
  }

  get signal(): AbortSignal {
    return this.running.signal;
  }

  /** The rules have seen to it that the starter offers what the activity needs. */
  get event(): EventAbilities {
    return (this.running.event.abilities ?? {}) as EventAbilities;
  }

  completed(output: unknown): void {
    this.#owner.completed(this, output);
  }

  failed(thrown: unknown): void {
    this.#owner.failed(this, thrown);
  }
}
