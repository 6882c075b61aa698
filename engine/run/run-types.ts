import type { LogFields, LogLevel } from '../base/log.ts';
import type { ActivityId, ProcessId, TransitionId } from '../model/document.ts';

/** State of a run as a whole. `failed` when a process could not start or go on and nothing runs any more. */
export type RunState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
/** `finished`: its starter had an end, and all jobs are done. */
export type ProcessState = 'starting' | 'running' | 'finished' | 'stopping' | 'stopped' | 'failed';

/** Why an activity, a job, a process or a run failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The activity that failed; null when it was none. */
  readonly activity: ActivityId | null;
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
  readonly jobs: { readonly active: number; readonly completed: number; readonly failed: number };
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
  readonly failure: Failure | null;
}

/** What one activity did in a job. `skipped`: its path was not taken, or it is disabled. */
export interface ActivityRun {
  readonly activity: ActivityId;
  readonly state: 'running' | 'completed' | 'failed' | 'skipped';
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
