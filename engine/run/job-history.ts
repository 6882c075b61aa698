import type { JobRecord } from './job-record.ts';
import type { JobState } from './run-contract.ts';
import type { RunningJob } from './running-job.ts';

/** Jobs that went well and are kept, per process. */
export const completedJobsMax = 200;
/** Failed jobs are kept longer: they are what people look for. */
export const failedJobsMax = 500;

/** The newest jobs of one process. */
export class JobHistory {
  /** Jobs under way; the job runner goes by the same set. */
  readonly running = new Set<RunningJob>();
  readonly #completed: JobRecord[] = [];
  readonly #failed: JobRecord[] = [];
  #completedNext = 0;
  #failedNext = 0;

  started(job: RunningJob): void {
    this.running.add(job);
  }

  ended(running: RunningJob): void {
    this.running.delete(running);
    const job = running.record;
    if (job.state === 'failed') {
      job.freeze();
      this.#failed[this.#failedNext] = job;
      this.#failedNext = (this.#failedNext + 1) % failedJobsMax;
      return;
    }
    this.#completed[this.#completedNext] = job;
    this.#completedNext = (this.#completedNext + 1) % completedJobsMax;
  }

  /** Newest first. */
  list({ state, limit }: { readonly state?: JobState | undefined; readonly limit: number }): JobRecord[] {
    const all = [
      ...(state === undefined || state === 'running' ? this.#runningRecords() : []),
      ...(state === undefined || state === 'completed' ? this.#completed : []),
      ...(state === undefined || state === 'failed' ? this.#failed : []),
    ];
    return all.sort(newestFirst).slice(0, limit);
  }

  find(id: string): JobRecord | undefined {
    const isIt = (job: JobRecord) => job.id === id;
    return this.#runningRecords().find(isIt) ?? this.#completed.find(isIt) ?? this.#failed.find(isIt);
  }

  #runningRecords(): JobRecord[] {
    return Array.from(this.running, ({ record }) => record);
  }
}

/** Newest first; jobs of one millisecond by their number at the end of the id. */
export function newestFirst(a: JobRecord, b: JobRecord): number {
  return b.startedAtMs - a.startedAtMs || sequenceOf(b.id) - sequenceOf(a.id);
}

function sequenceOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
