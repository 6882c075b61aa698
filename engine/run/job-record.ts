import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { Job } from '../process/job.ts';
import { executionOf, frameOf, framesOf } from '../process/job.ts';
import { ActivityState, TransitionState } from '../process/plan.ts';
import type { RecordPlace } from '../spi/record-place.ts';
import { snapshotPayload } from './payload-snapshot.ts';
import type { ActivityRun, Failure, JobDetail, JobState, JobSummary } from './run-contract.ts';

/** What an activity did in one execution, as the driver notes it: references, no copies. */
export interface ActivityRecord {
  readonly execution: number;
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

/** A record of an execution that has begun, or was passed over, at a monotonic time. */
export function newRecord(
  execution: number,
  activity: ActivityId,
  state: ActivityRun['state'],
  startedAt: number | undefined,
): ActivityRecord {
  return {
    execution,
    activity,
    state,
    startedAt,
    endedAt: undefined,
    input: undefined,
    output: undefined,
    failure: null,
    next: undefined,
  };
}

/** What a starter says of its output, asked only when someone looks. */
export interface JobSource {
  /** Where it came from, in a few words. */
  describe(output: unknown): string;
  /** The record that it is. */
  locate(output: unknown): RecordPlace | null;
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
  readonly #source: JobSource;
  /** Undefined once the record is frozen. */
  #job: Job | undefined;
  /** That of the starter; the rest follows through `next`, which costs less than a list. */
  readonly #first: ActivityRecord;
  #last: ActivityRecord;
  #origin: { readonly origin: string; readonly record: RecordPlace | null } | undefined;
  #detail: JobDetail | undefined;

  constructor(job: Job, startedAtMs: number, starter: ActivityRecord, source: JobSource) {
    this.id = job.id;
    this.process = job.plan.processId;
    this.startedAtMs = startedAtMs;
    this.startedAt = starter.startedAt ?? 0;
    this.#job = job;
    this.#first = starter;
    this.#last = starter;
    this.#source = source;
  }

  add(record: ActivityRecord): void {
    this.#last.next = record;
    this.#last = record;
  }

  /** What its activities did, in the order in which they began or were passed over. */
  *activities(): Iterable<ActivityRecord> {
    for (let record: ActivityRecord | undefined = this.#first; record; record = record.next) yield record;
  }

  /** The record of an execution; undefined when it has not begun. */
  find(execution: number): ActivityRecord | undefined {
    for (const record of this.activities()) if (record.execution === execution) return record;
    return undefined;
  }

  /** Notes that the starter, which had completed, has failed after all: its output could not be read. */
  failStarter(failure: Failure): void {
    this.#first.state = 'failed';
    this.#first.failure = failure;
  }

  get summary(): JobSummary {
    const { output } = this.#first;
    this.#origin ??= { origin: this.#source.describe(output), record: this.#source.locate(output) };
    const { id, process, startedAtMs, startedAt, state, failure } = this;
    const durationMs = duration(startedAt, this.endedAt);
    return { id, process, state, startedAtMs, durationMs, ...this.#origin, failure };
  }

  get detail(): JobDetail {
    if (this.#detail) return this.#detail;
    const activities = Array.from(this.activities(), (record) => toRun(record, this));
    return { ...this.summary, activities: [...activities, ...this.#notReached()], transitions: this.#taken() };
  }

  /** The execution of the scope around one; null at the top of the process. */
  parentOf(execution: number): number | null {
    return (this.#job && executionOf(frameOf(this.#job, execution))) ?? null;
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

  /** Activities of a job or a scope that failed, for which it was never decided whether they run. A job may go on behind such a scope. */
  #notReached(): ActivityRun[] {
    if (!this.#job || this.state === 'running') return [];
    return framesOf(this.#job).flatMap((frame) =>
      frame.scope.activities
        .filter(({ slot }) => frame.activities[slot] === ActivityState.waiting)
        .map(({ id, slot }) => ({
          ...{ execution: frame.firstExecution + slot, parent: executionOf(frame) ?? null, activity: id },
          ...{ state: 'not-reached' as const, startedAtMs: null, durationMs: null, input: null, output: null },
          ...{ truncated: false, failure: null },
        })),
    );
  }

  #taken(): TransitionId[] {
    if (!this.#job) return [];
    return framesOf(this.#job).flatMap(({ scope, transitions }) =>
      scope.transitions.filter(({ slot }) => transitions[slot] === TransitionState.taken).map(({ id }) => id),
    );
  }
}

function toRun(record: ActivityRecord, job: JobRecord): ActivityRun {
  const { execution, activity, state, failure } = record;
  const { startedAtMs, startedAt } = job;
  const input = snapshotPayload(record.input);
  const output = snapshotPayload(record.output);
  return {
    execution,
    parent: job.parentOf(execution),
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
