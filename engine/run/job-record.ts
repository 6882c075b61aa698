import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import { snapshotPayload } from './payload-snapshot.ts';
import type { ActivityRun, Failure, JobDetail, JobState, JobSummary } from './run-types.ts';

/** What an activity did in a job, as the driver notes it: references, no copies. */
export interface ActivityRecord {
  readonly activity: ActivityId;
  state: ActivityRun['state'];
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
  input: unknown;
  output: unknown;
  failure: Failure | null;
}

/**
 * What the history keeps of a job. Payloads of jobs that went well stay references until someone looks (copying them would cost
 * more than most jobs); those of failed jobs are copied at once, since failed jobs are kept much longer than the fetch that
 * their record is a view of.
 */
export class JobRecord {
  readonly id: string;
  readonly process: ProcessId;
  readonly startedAtMs: number;
  readonly activities: ActivityRecord[] = [];
  readonly transitions: TransitionId[] = [];
  state: JobState = 'running';
  failure: Failure | null = null;
  endedAtMs: number | undefined;
  readonly #describe: () => string;
  #origin: string | undefined;
  #detail: JobDetail | undefined;

  constructor(id: string, process: ProcessId, startedAtMs: number, describe: () => string) {
    this.id = id;
    this.process = process;
    this.startedAtMs = startedAtMs;
    this.#describe = describe;
  }

  get summary(): JobSummary {
    this.#origin ??= this.#describe();
    const { id, process, state, startedAtMs, endedAtMs, failure } = this;
    const durationMs = endedAtMs === undefined ? null : endedAtMs - startedAtMs;
    return { id, process, state, startedAtMs, durationMs, origin: this.#origin, failure };
  }

  get detail(): JobDetail {
    return (
      this.#detail ?? { ...this.summary, activities: this.activities.map(toRun), transitions: [...this.transitions] }
    );
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

function toRun({ activity, state, startedAtMs, endedAtMs, input, output, failure }: ActivityRecord): ActivityRun {
  const shownInput = snapshotPayload(input);
  const shownOutput = snapshotPayload(output);
  return {
    activity,
    state,
    startedAtMs,
    durationMs: endedAtMs === undefined ? null : endedAtMs - startedAtMs,
    input: shownInput.value,
    output: shownOutput.value,
    truncated: shownInput.truncated || shownOutput.truncated,
    failure,
  };
}
