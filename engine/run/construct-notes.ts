import { assert } from '../base/assert.ts';
import type { FinishedExecution, StepEffects } from '../process/events.ts';
import type { Frame, Job } from '../process/job.ts';
import { frameOf, plannedOf } from '../process/job.ts';
import { toFailure } from './job-error.ts';
import type { JobRecord } from './job-record.ts';
import { newRecord } from './job-record.ts';
import type { ProcessCounters } from './process-counters.ts';
import type { RunningJob } from './running-job.ts';

interface ConstructNotesOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly countersOf: (process: string) => ProcessCounters;
}

/** Notes what the engine itself executed, what was passed over and what was given up: in the history of the job and in the counts. */
export class ConstructNotes {
  readonly #options: ConstructNotesOptions;

  constructor(options: ConstructNotesOptions) {
    this.#options = options;
  }

  /** What the engine itself did, before a condition behind it is evaluated: that can still make a failure of what went well. */
  take(running: RunningJob, { begun, skipped, finished, cancelled, left }: StepEffects): void {
    const { job, record } = running;
    for (const execution of begun) this.#begun(running, execution);
    for (const execution of skipped)
      record.add(newRecord(execution, plannedOf(job, execution).id, 'skipped', undefined, frameIn(job, execution)));
    for (const each of finished) this.#finished(running, each);
    if (begun.length > 0) begun.length = 0;
    if (skipped.length > 0) skipped.length = 0;
    if (finished.length > 0) finished.length = 0;
    if (cancelled.length > 0) this.#noteCancelled(running, cancelled);
    if (left.length > 0) this.#noteLeft(record, left);
  }

  /** A construct, which the engine itself executes. */
  #begun({ job, record }: RunningJob, execution: number): void {
    const { id, process } = plannedOf(job, execution);
    record.begin(newRecord(execution, id, 'running', this.#options.now(), frameIn(job, execution)));
    this.#options.countersOf(process).started(id);
  }

  #noteCancelled(running: RunningJob, cancelled: number[]): void {
    for (const execution of cancelled) this.#cancelled(running, execution);
    cancelled.length = 0;
  }

  #noteLeft(record: JobRecord, left: Frame[]): void {
    for (const frame of left) record.iterationLeft(frame);
    left.length = 0;
  }

  #cancelled(running: RunningJob, execution: number): void {
    const { record, job } = running;
    running.cancel(execution);
    const found = record.end(execution) ?? record.find(execution);
    if (found) {
      found.state = 'cancelled';
      found.endedAt = this.#options.now();
    }
    const { id, process } = plannedOf(job, execution);
    this.#options.countersOf(process).cancelled(id);
  }

  #finished(running: RunningJob, finished: FinishedExecution): void {
    const { record, job } = running;
    const found = record.end(finished.execution);
    assert(found, `execution ${finished.execution} of job ${record.id} ended before it began`);
    running.release(finished.execution);
    found.state = finished.ok ? 'completed' : 'failed';
    found.endedAt = this.#options.now();
    if (finished.ok) found.output = finished.output;
    else found.failure = toFailure(finished.error);
    this.#options.countersOf(plannedOf(job, finished.execution).process).ended(found.activity, finished.ok);
  }
}

/** The frame in which an execution is, below that of the job itself. */
export function frameIn(job: Job, execution: number): Frame | undefined {
  if (!job.frames) return undefined;
  const frame = frameOf(job, execution);
  return frame === job.root ? undefined : frame;
}
