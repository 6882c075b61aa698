import { z } from 'zod';
import { call, event } from '../rpc/define-contract.ts';
import { recordPlaceSchema } from '../spi/record-place.ts';

export type { RecordPlace } from '../spi/record-place.ts';

/**
 * What can be asked of a run, and what it tells: declared here once, for the run itself, for whoever starts its process, and for the
 * window. A new question is a line in `runContract` and a handler in serve-run.ts. Times are in milliseconds.
 */

/** Why an activity, a job, a process or a run failed. */
export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** The activity that it belongs to: the one that failed, or the starter whose record could not be read; null when it was none. */
  activity: z.string().nullable(),
  /** The process that the activity is of, when that was called by the job's own. */
  process: z.string().optional(),
  /** The condition behind the activity that could not be evaluated. */
  transition: z.string().optional(),
  /** The activity in whose mapping or condition the starter's record turned out to be unreadable. */
  readBy: z.string().optional(),
  /** The record that a process could not get past. */
  record: recordPlaceSchema.optional(),
  details: z.unknown().optional(),
});
export type Failure = Readonly<z.output<typeof failureSchema>>;

/** State of a run as a whole. `failed` when a process could not start or go on and nothing runs any more. */
const runState = z.enum(['idle', 'starting', 'running', 'stopping', 'stopped', 'failed']);
export type RunState = z.output<typeof runState>;

/** `finished`: its starter had an end, and all jobs are done. */
const processState = z.enum(['starting', 'running', 'finished', 'stopping', 'stopped', 'failed']);
export type ProcessState = z.output<typeof processState>;

export const runStatusSchema = z.object({
  state: runState,
  /** Null before the run has begun. */
  runId: z.string().nullable(),
  /** Processes of this run. */
  processes: z.array(z.string()).readonly(),
  /** Per process: whether its starter still brings work. */
  processStates: z.record(z.string(), processState).readonly(),
  failure: failureSchema.nullable(),
});
export type RunStatus = Readonly<z.output<typeof runStatusSchema>>;
/** Before the run has begun. */
export const idleStatus: RunStatus = { state: 'idle', runId: null, processes: [], processStates: {}, failure: null };

const activityCounts = z.object({
  started: z.number(),
  completed: z.number(),
  failed: z.number(),
  active: z.number(),
});
export type ActivityCounts = Readonly<z.output<typeof activityCounts>>;

const jobCounts = z.object({
  active: z.number(),
  completed: z.number(),
  /** A job that is tried again counts once for each try. */
  failed: z.number(),
  /**
   * Of the failed ones: those whose starter took the failure over, to try again, to skip, or to put aside as a dead letter. Left
   * out while there is none.
   */
  handled: z.number().optional(),
});
export type JobCounts = Readonly<z.output<typeof jobCounts>>;

/** Counted since the start of the run. */
const processCounts = z.object({
  activities: z.record(z.string(), activityCounts.readonly()).readonly(),
  /** How often each transition was taken. */
  transitions: z.record(z.string(), z.number()).readonly(),
  jobs: jobCounts.readonly(),
  /** Failed jobs by the activity and the condition that their failure belongs to; left out while there is none. */
  failures: z
    .object({
      activities: z.record(z.string(), z.number()).readonly(),
      transitions: z.record(z.string(), z.number()).readonly(),
    })
    .readonly()
    .optional(),
});
export type ProcessCounts = Readonly<z.output<typeof processCounts>>;

/** By process. */
export const runCountsSchema = z.record(z.string(), processCounts.readonly()).readonly();
export type RunCounts = z.output<typeof runCountsSchema>;

const jobState = z.enum(['running', 'completed', 'failed']);
export type JobState = z.output<typeof jobState>;

export const jobSummarySchema = z.object({
  id: z.string(),
  process: z.string(),
  state: jobState,
  startedAtMs: z.number(),
  durationMs: z.number().nullable(),
  /** Where the job came from, in a few words: `quakes[2] @ 1041`. */
  origin: z.string(),
  /** The record that it handles; null when it is not about one. */
  record: recordPlaceSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type JobSummary = Readonly<z.output<typeof jobSummarySchema>>;

/**
 * One execution of an activity in a job, or that there was none. `skipped`: its path was not taken, or it is disabled. `not-reached`:
 * the job failed before it was decided whether it runs. `cancelled`: it was given up while it was under way, because another event came
 * first or the process ended.
 */
const activityRun = z.object({
  /** Id of the execution inside its job: an activity may be executed several times. */
  execution: z.number().int(),
  /** The execution of the scope around it; null at the top of the process. */
  parent: z.number().int().nullable(),
  activity: z.string(),
  state: z.enum(['running', 'completed', 'failed', 'skipped', 'not-reached', 'cancelled']),
  /** Of what was done in a loop: in which iteration of it, from 0. */
  iteration: z.number().int().optional(),
  /** The process that the activity is of, when that was called by the job's own. */
  process: z.string().optional(),
  /** Wall clock in milliseconds at which a wait ends: a Repeat on Error before its next try. */
  waitsUntilMs: z.number().optional(),
  startedAtMs: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** JSON values, cut at the bounds of payload-snapshot.ts; `truncated` tells. */
  input: z.unknown(),
  output: z.unknown(),
  truncated: z.boolean(),
  failure: failureSchema.nullable(),
});
export type ActivityRun = Readonly<z.output<typeof activityRun>>;

export const jobDetailSchema = jobSummarySchema.extend({
  activities: z.array(activityRun.readonly()).readonly(),
  /** Transitions of its process that the job took. */
  transitions: z.array(z.string()).readonly(),
  /** Executions of earlier iterations that are not kept; left out while there is none. */
  dropped: z.number().int().optional(),
});
export type JobDetail = Readonly<z.output<typeof jobDetailSchema>>;

/** Which jobs of a run are asked for, the newest first. */
export const jobsQuestionSchema = z.object({
  process: z.string().optional(),
  state: jobState.optional(),
  limit: z.number().int().min(1).max(500).default(100),
});
export type JobsQuestion = Readonly<z.input<typeof jobsQuestionSchema>>;

export const logLineSchema = z.object({
  atMs: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).readonly(),
});
export type LogLine = Readonly<z.output<typeof logLineSchema>>;

/** What a run is to run. */
export const runRequestSchema = z.object({
  /** Folder in which activities find their files. */
  projectFolder: z.string(),
  /** Files of the project by their path in its folder. */
  files: z.record(z.string(), z.string()).readonly(),
  /** Ids of processes; empty for all. */
  processes: z.array(z.string()).readonly(),
  profile: z.string().optional(),
  /** Records that are passed over and committed as if they had been handled. */
  skipRecords: z.array(recordPlaceSchema.readonly()).max(1000).readonly(),
  /** Bootstrap servers of the bundled cluster. */
  clusterAddress: z.string().optional(),
  /** How one gets into it, where it is secured. */
  clusterAccess: z
    .object({
      ca: z.string(),
      mechanism: z.enum(['SCRAM-SHA-256', 'SCRAM-SHA-512']),
      username: z.string(),
      password: z.string(),
    })
    .optional(),
});
export type RunRequest = Readonly<z.output<typeof runRequestSchema>>;

/** The calls and events of one run, which whoever holds the other end of its transport may use. */
export const runContract = {
  /** Answers when its starters work, or with the run stopped when `stop` came meanwhile. Refused with what kept it from starting. */
  start: call(runRequestSchema, runStatusSchema),
  /** Answers when everything has ended. */
  stop: call(z.object({}), runStatusSchema),
  jobs: call(jobsQuestionSchema, z.array(jobSummarySchema).readonly()),
  /** Refused with JOB_GONE when the run does not keep that job any more. */
  job: call(z.object({ id: z.string() }), jobDetailSchema),
  status: event(runStatusSchema),
  /** At most ten times a second, and only when they changed. */
  counts: event(runCountsSchema),
  log: event(z.array(logLineSchema)),
} as const;
export type RunContract = typeof runContract;
