import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
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
}

/** What a record of a job begins with. */
export interface JobStart {
  readonly id: string;
  readonly process: ProcessId;
  /** Wall clock, for people. */
  readonly startedAtMs: number;
  /** Monotonic milliseconds, for durations. */
  readonly startedAt: number;
}

/**
 * What the history keeps of a job. Payloads of jobs that went well stay references until someone looks (copying them would cost
 * more than most jobs); those of failed jobs are copied at once, since failed jobs are kept much longer than the fetch that
 * their record is a view of.
 */
export class JobRecord {
  readonly start: JobStart;
  readonly activities: ActivityRecord[] = [];
  readonly transitions: TransitionId[] = [];
  state: JobState = 'running';
  failure: Failure | null = null;
  /** Monotonic milliseconds. */
  endedAt: number | undefined;
  readonly #describe: () => string;
  #origin: string | undefined;
  #detail: JobDetail | undefined;

  constructor(start: JobStart, describe: () => string) {
    this.start = start;
    this.#describe = describe;
  }

  get summary(): JobSummary {
    this.#origin ??= this.#describe();
    const { state, failure } = this;
    const { id, process, startedAtMs, startedAt } = this.start;
    const durationMs = duration(startedAt, this.endedAt);
    return { id, process, state, startedAtMs, durationMs, origin: this.#origin, failure };
  }

  get detail(): JobDetail {
    if (this.#detail) return this.#detail;
    const activities = this.activities.map((record) => toRun(record, this.start));
    return { ...this.summary, activities, transitions: [...this.transitions] };
  }

  /** Copies all payloads and lets go of the originals. */
  freeze(): void {
    this.#detail = this.detail;
    for (const record of this.activities) {
      record.input = undefined;
      record.output = undefined;
    }
  }
}

function toRun(record: ActivityRecord, { startedAtMs, startedAt }: JobStart): ActivityRun {
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
