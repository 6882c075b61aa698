import type { JobRecord } from './job-record.ts';
import type { JobState } from './run-contract.ts';
import type { RunningJob } from './running-job.ts';

/** Jobs that went well and are kept, per process. */
export const completedJobsMax = 200;
/** Failed jobs are kept longer: they are what people look for. */
export const failedJobsMax = 500;

/** The newest jobs of one process. */
export class JobHistory {
  /** Jobs under way, as a chain: the oldest and the newest. A set of them costs several times as much for jobs that end soon. */
  #oldest: RunningJob | undefined;
  #newest: RunningJob | undefined;
  #runningCount = 0;
  readonly #completed: JobRecord[] = [];
  readonly #failed: JobRecord[] = [];
  #completedNext = 0;
  #failedNext = 0;

  /** Jobs under way. */
  get runningCount(): number {
    return this.#runningCount;
  }

  started(job: RunningJob): void {
    this.#runningCount++;
    job.older = this.#newest;
    if (this.#newest) this.#newest.newer = job;
    else this.#oldest = job;
    this.#newest = job;
  }

  /** Jobs under way, the oldest first. */
  allRunning(): RunningJob[] {
    const all: RunningJob[] = [];
    for (let job = this.#oldest; job; job = job.newer) all.push(job);
    return all;
  }

  ended(running: RunningJob): void {
    this.#unchain(running);
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
    return this.allRunning().map(({ record }) => record);
  }

  #unchain(job: RunningJob): void {
    const { older, newer } = job;
    this.#runningCount--;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    // Whoever still holds the job must not hold all that came after it.
    job.older = undefined;
    job.newer = undefined;
  }
}

/** Newest first; jobs of one millisecond by their number at the end of the id. */
export function newestFirst(a: JobRecord, b: JobRecord): number {
  return b.startedAtMs - a.startedAtMs || sequenceOf(b.id) - sequenceOf(a.id);
}

function sequenceOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
