import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { Frame, Job } from '../process/job.ts';
import { executionOf, framesOf } from '../process/job.ts';
import { ActivityState, TransitionState } from '../process/plan.ts';
import type { RecordPlace } from '../spi/record-place.ts';
import { snapshotPayload } from './payload-snapshot.ts';
import type { ActivityRun, Failure, JobDetail, JobState, JobSummary } from './run-contract.ts';

/** Executions of one job that are kept while its loops go on; of a job without loops all are. */
export const executionsKeptMax = 1_000;

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
  /** Monotonic milliseconds at which a wait ends. */
  waitsUntil: number | undefined;
  /** Where it was executed; undefined at the top of the process. */
  frame: Frame | undefined;
  /** The next one of the same job. */
  next: ActivityRecord | undefined;
}

/** A record of an execution that has begun, or was passed over, at a monotonic time. */
export function newRecord(
  execution: number,
  activity: ActivityId,
  state: ActivityRun['state'],
  startedAt: number | undefined,
  frame?: Frame,
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
    waitsUntil: undefined,
    frame,
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
  /** What the engine itself executes and which is not over, by execution. */
  #open: Map<number, ActivityRecord> | undefined;
  /** Iterations that are over, the oldest first. */
  #left: Frame[] | undefined;
  #count = 1;
  #dropped = 0;
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
    this.#count++;
  }

  /** Adds the record of something that the engine itself executes, which is looked up until it is over. */
  begin(record: ActivityRecord): void {
    this.add(record);
    this.#open ??= new Map();
    this.#open.set(record.execution, record);
  }

  /** The record of what the engine itself has executed, which is over. */
  end(execution: number): ActivityRecord | undefined {
    const record = this.#open?.get(execution);
    this.#open?.delete(execution);
    if (record) record.waitsUntil = undefined;
    return record;
  }

  noteInput(execution: number, input: unknown): void {
    const record = this.#open?.get(execution);
    if (record) record.input = input;
  }

  /** Until when an execution waits, in monotonic milliseconds; undefined when it waits no more. */
  noteWait(execution: number, until: number | undefined): void {
    const record = this.#open?.get(execution);
    if (record) record.waitsUntil = until;
  }

  /** An iteration is over: of a loop that goes on and on the last ones are kept. */
  iterationLeft(frame: Frame): void {
    this.#left ??= [];
    this.#left.push(frame);
    // Many at once: to find their records the whole list is walked.
    if (this.#count > executionsKeptMax) this.#drop(new Set(this.#left.splice(0, Math.ceil(this.#left.length / 2))));
  }

  #drop(frames: ReadonlySet<Frame>): void {
    let before = this.#first;
    for (let record = before.next; record; record = record.next) {
      if (record.frame && isWithin(record.frame, frames)) {
        before.next = record.next;
        this.#count--;
        this.#dropped++;
      } else before = record;
    }
    this.#last = before;
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
    return {
      ...this.summary,
      ...{ activities: [...activities, ...this.#notReached()], transitions: this.#taken() },
      ...(this.#dropped ? { dropped: this.#dropped } : {}),
    };
  }

  /** Copies all payloads and lets go of the originals. */
  freeze(): void {
    this.#detail = this.detail;
    this.#job = undefined;
    // Frames hold what their activities gave.
    this.#left = undefined;
    this.#open = undefined;
    for (const record of this.activities()) {
      record.input = undefined;
      record.output = undefined;
      record.frame = undefined;
    }
  }

  /** Activities of a job or a scope that failed, for which it was never decided whether they run. A job may go on behind such a scope. */
  #notReached(): ActivityRun[] {
    if (!this.#job || this.state === 'running') return [];
    return framesOf(this.#job).flatMap((frame) =>
      frame.scope.activities
        .filter(({ slot }) => frame.activities[slot] === ActivityState.waiting)
        .map(({ id, slot }) => ({
          ...{ execution: frame.firstExecution + slot, activity: id, ...placeOf(frame, this.process) },
          ...{ state: 'not-reached' as const, startedAtMs: null, durationMs: null, input: null, output: null },
          ...{ truncated: false, failure: null },
        })),
    );
  }

  #taken(): TransitionId[] {
    if (!this.#job) return [];
    const kept = framesOf(this.#job).flatMap(({ scope, transitions }) =>
      scope.transitions.filter(({ slot }) => transitions[slot] === TransitionState.taken),
    );
    const all = this.#job.taken ? [...kept, ...this.#job.taken] : kept;
    return all.filter(({ process }) => process === this.process).map(({ id }) => id);
  }
}

/** Whether a frame is one of some, or lies in one of them. */
function isWithin(frame: Frame, outer: ReadonlySet<Frame>): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) if (outer.has(at)) return true;
  return false;
}

/** In which execution an execution of a frame was, in which iteration of it, and in which process when that was called. */
function placeOf(frame: Frame | undefined, own: ProcessId): Pick<ActivityRun, 'parent' | 'iteration' | 'process'> {
  if (!frame) return { parent: null };
  const { iteration, scope } = frame;
  return {
    parent: executionOf(frame) ?? null,
    ...(iteration === undefined ? {} : { iteration }),
    ...(scope.process === own ? {} : { process: scope.process }),
  };
}

function toRun(record: ActivityRecord, job: JobRecord): ActivityRun {
  const { execution, activity, state, failure, waitsUntil } = record;
  const { startedAtMs, startedAt } = job;
  const input = snapshotPayload(record.input);
  const output = snapshotPayload(record.output);
  return {
    ...{ execution, activity, state, ...placeOf(record.frame, job.process) },
    ...(waitsUntil === undefined ? {} : { waitsUntilMs: startedAtMs + (duration(startedAt, waitsUntil) ?? 0) }),
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
