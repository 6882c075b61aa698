import type { LogFields, LogLevel } from '../base/log.ts';
import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';
import type { RecordPlace } from '../spi/runtime.ts';

export type { RecordPlace };

/** State of a run as a whole. `failed` when a process could not start or go on and nothing runs any more. */
export type RunState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
/** `finished`: its starter had an end, and all jobs are done. */
export type ProcessState = 'starting' | 'running' | 'finished' | 'stopping' | 'stopped' | 'failed';

/** Why an activity, a job, a process or a run failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The activity that it belongs to: the one that failed, or the starter whose record could not be read; null when it was none. */
  readonly activity: ActivityId | null;
  /** The condition behind the activity that could not be evaluated. */
  readonly transition?: TransitionId;
  /** The activity in whose mapping or condition the starter's record turned out to be unreadable. */
  readonly readBy?: ActivityId;
  /** The record that a process could not get past. */
  readonly record?: RecordPlace;
  readonly details?: unknown;
}

export interface RunStatus {
  readonly state: RunState;
  readonly runId: string | null;
  readonly processes: readonly ProcessId[];
  readonly processStates: Readonly<Record<ProcessId, ProcessState>>;
  readonly failure: Failure | null;
}

export interface ActivityCounts {
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  readonly active: number;
}

/** Counted since the start of the run. */
export interface ProcessCounts {
  readonly activities: Readonly<Record<ActivityId, ActivityCounts>>;
  /** How often each transition was taken. */
  readonly transitions: Readonly<Record<TransitionId, number>>;
  readonly jobs: JobCounts;
  /** Failed jobs by what their failure belongs to; left out while there is none. */
  readonly failures?: {
    readonly activities: Readonly<Record<ActivityId, number>>;
    readonly transitions: Readonly<Record<TransitionId, number>>;
  };
}

export interface JobCounts {
  readonly active: number;
  readonly completed: number;
  /** A job that is tried again counts once for each try. */
  readonly failed: number;
  /**
   * Of the failed ones: those whose starter took the failure over, to try again, to skip, or to put aside as a dead letter. Left
   * out while there is none.
   */
  readonly handled?: number;
}

export type JobState = 'running' | 'completed' | 'failed';

export interface JobSummary {
  readonly id: string;
  readonly process: ProcessId;
  readonly state: JobState;
  readonly startedAtMs: number;
  readonly durationMs: number | null;
  /** Where the job came from, in a few words: `quakes[2] @ 1041`. */
  readonly origin: string;
  /** The record that it handles; null when it is not about one. */
  readonly record: RecordPlace | null;
  readonly failure: Failure | null;
}

/**
 * One execution of an activity in a job, or that there was none. `skipped`: its path was not taken, or it is disabled. `not-reached`:
 * the job failed before it was decided whether it runs.
 */
export interface ActivityRun {
  /** Id of the execution inside its job: an activity may be executed several times. */
  readonly execution: number;
  /** The execution of the scope around it; null at the top of the process. */
  readonly parent: number | null;
  readonly activity: ActivityId;
  readonly state: 'running' | 'completed' | 'failed' | 'skipped' | 'not-reached';
  readonly startedAtMs: number | null;
  readonly durationMs: number | null;
  /** JSON values, cut at the bounds of payload-snapshot.ts; `truncated` tells. */
  readonly input: unknown;
  readonly output: unknown;
  readonly truncated: boolean;
  readonly failure: Failure | null;
}

export interface JobDetail extends JobSummary {
  readonly activities: readonly ActivityRun[];
  readonly transitions: readonly TransitionId[];
}

/** What a run tells its listeners. `counts` come at most ten times a second, and only when they changed. */
export type RunEvent =
  | { readonly kind: 'status'; readonly status: RunStatus }
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<ProcessId, ProcessCounts>> }
  | {
      readonly kind: 'log';
      readonly atMs: number;
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields;
    };
