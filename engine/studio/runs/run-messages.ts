import type { LogFields, LogLevel } from '../../base/log.ts';
import type { JobDetail, JobSummary, ProcessCounts, RecordPlace, RunStatus } from '../contract.ts';
import type { WireError } from '../server/dispatch.ts';

/** What a run needs to begin. */
export interface RunRequest {
  readonly projectFolder: string;
  readonly files: Readonly<Record<string, string>>;
  /** Ids of processes; empty for all. */
  readonly processes: readonly string[];
  readonly profile: string | undefined;
  readonly skipRecords: readonly RecordPlace[];
  /** Bootstrap servers of the bundled cluster. */
  readonly clusterAddress: string | undefined;
}

export interface JobsQuestion {
  readonly process?: string | undefined;
  readonly state?: JobSummary['state'] | undefined;
  readonly limit: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** From the studio to the process that runs a project. */
export type ToRun =
  | { readonly kind: 'start'; readonly request: RunRequest }
  | { readonly kind: 'stop' }
  | { readonly kind: 'jobs'; readonly id: number; readonly question: JobsQuestion }
  | { readonly kind: 'job'; readonly id: number; readonly jobId: string };

/** From that process to the studio. */
export type FromRun =
  | { readonly kind: 'status'; readonly status: Omit<RunStatus, 'project'> }
  /** The run could not begin. */
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<string, ProcessCounts>> }
  | { readonly kind: 'log'; readonly lines: readonly LogLine[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: readonly JobSummary[] | JobDetail | undefined };
