import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { Job } from '../process/job.ts';
import { TransitionState } from '../process/plan.ts';
import { snapshotPayload } from './payload-snapshot.ts';
import type { ActivityRun, Failure, JobDetail, JobState, JobSummary } from './run-types.ts';

/** What an activity did in a job, as the driver notes it: references, no copies. */
export interface ActivityRecord {
  readonly activity: ActivityId;
  state: ActivityRun['state'];
  /** Monotonic milliseconds, as all times of a record; undefined when it never started. */
  readonly startedAt: number | undefined;
  endedAt: number | undefined;
  input: unknown;
  output: unknown;
  failure: Failure | null;
  /** The next one of the same job. */
  next: ActivityRecord | undefined;
}

/**
 * What the history keeps of a job. Payloads of jobs that went well stay references until someone looks (copying them would cost
 * more than most jobs); those of failed jobs are copied at once, since failed jobs are kept much longer than the fetch that
 * their record is a view of. What can be told from the job (transitions) is not noted a second time.
 */
export class JobRecord {
  readonly id: string;
  readonly process: ProcessId;
  /** Wall clock, for people. */
  readonly startedAtMs: number;
  /** Monotonic milliseconds, for durations. */
  readonly startedAt: number;
  state: JobState = 'running';
  failure: Failure | null = null;
  /** Monotonic milliseconds. */
  endedAt: number | undefined;
  readonly #describe: (output: unknown) => string;
  /** Undefined once the record is frozen. */
  #job: Job | undefined;
  /** That of the starter; the rest follows through `next`, which costs less than a list. */
  readonly #first: ActivityRecord;
  #last: ActivityRecord;
  #origin: string | undefined;
  #detail: JobDetail | undefined;

  /** `describe` says in a few words where the output of a starter came from. */
  constructor(job: Job, startedAtMs: number, starter: ActivityRecord, describe: (output: unknown) => string) {
    this.id = job.id;
    this.process = job.plan.processId;
    this.startedAtMs = startedAtMs;
    this.startedAt = starter.startedAt ?? 0;
    this.#job = job;
    this.#first = starter;
    this.#last = starter;
    this.#describe = describe;
  }

  add(record: ActivityRecord): void {
    this.#last.next = record;
    this.#last = record;
  }

  /** What its activities did, in the order in which they were decided. */
  *activities(): Iterable<ActivityRecord> {
    for (let record: ActivityRecord | undefined = this.#first; record; record = record.next) yield record;
  }

  get summary(): JobSummary {
    this.#origin ??= this.#describe(this.#first.output);
    const { id, process, startedAtMs, startedAt, state, failure } = this;
    const durationMs = duration(startedAt, this.endedAt);
    return { id, process, state, startedAtMs, durationMs, origin: this.#origin, failure };
  }

  get detail(): JobDetail {
    if (this.#detail) return this.#detail;
    const activities = Array.from(this.activities(), (record) => toRun(record, this));
    return { ...this.summary, activities, transitions: this.#taken() };
  }

  /** Copies all payloads and lets go of the originals. */
  freeze(): void {
    this.#detail = this.detail;
    this.#job = undefined;
    for (const record of this.activities()) {
      record.input = undefined;
      record.output = undefined;
    }
  }

  #taken(): TransitionId[] {
    const job = this.#job;
    if (!job) return [];
    return job.plan.transitions
      .filter(({ index }) => job.transitions[index] === TransitionState.taken)
      .map(({ id }) => id);
  }
}

function toRun(record: ActivityRecord, { startedAtMs, startedAt }: JobRecord): ActivityRun {
  const { activity, state, failure } = record;
  const input = snapshotPayload(record.input);
  const output = snapshotPayload(record.output);
  return {
    activity,
    state,
    startedAtMs: record.startedAt === undefined ? null : startedAtMs + (duration(startedAt, record.startedAt) ?? 0),
    durationMs: duration(record.startedAt, record.endedAt),
    input: input.value,
    output: output.value,
    truncated: input.truncated || output.truncated,
    failure,
  };
}

/** Milliseconds with three digits behind the point. */
function duration(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : Math.round((to - from) * 1000) / 1000;
}
