import type { Job } from '../process/job.ts';
import type { JobContext, StarterEvent } from '../spi/runtime.ts';
import type { JobRecord } from './job-record.ts';

/** A job under way: the engine's own state of it, what the history notes, and whom to tell how it ended. */
export class RunningJob {
  readonly job: Job;
  readonly record: JobRecord;
  readonly event: StarterEvent;
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

  contextOf(activity: string): JobContext {
    return new ActivityContext(this, activity);
  }
}

class ActivityContext implements JobContext {
  readonly activity: string;
  readonly #running: RunningJob;

  constructor(running: RunningJob, activity: string) {
    this.#running = running;
    this.activity = activity;
  }

  get id(): string {
    return this.#running.job.id;
  }

  get process(): string {
    return this.#running.job.plan.processId;
  }

  get signal(): AbortSignal {
    return this.#running.signal;
  }
}
