import { catalog } from '../../../palette/catalog.ts';
import type { DeclaredInput } from '../../model/activity-catalog.ts';
import type { Process, Project } from '../../model/document.ts';
import { upstreamOf } from '../../model/graph.ts';
import { ancestorsOf } from '../../model/scopes.ts';
import { holdsUnshown } from '../../run/payload-snapshot.ts';
import type { ActivityRun, JobDetail, JobSummary } from '../contract.ts';

/** Jobs looked at for one that ran every activity before the mapping. */
const jobsLookedAtMax = 20;

/** Data to try a mapping on. */
export interface Sample {
  /** By activity id, beside `job` and `properties`; null where nothing is known yet. */
  readonly context: Record<string, unknown>;
  /** Where the data is from, in a few words; null when there is none. */
  readonly source: string | null;
  /** Why there is none, or what newer data was passed over. */
  readonly reason: string | null;
}

/** Where the expression stands. */
export interface SamplePlace {
  readonly project: Project;
  readonly process: Process;
  readonly activity: string;
  /** Of an expression that a construct evaluates at a time of its own. */
  readonly reads?: DeclaredInput['reads'] | undefined;
}

/** The newest event that a starter would hand over, or why there is none, or both: why a newer one is passed over. */
export interface NewestEvent {
  readonly found?: { readonly output: unknown; readonly origin: string };
  readonly reason?: string;
}

/** Where samples come from. */
export interface SampleSources {
  jobs(process: string, limit: number): Promise<readonly JobSummary[]>;
  job(id: string): Promise<JobDetail | undefined>;
  /** Undefined for a starter whose events cannot be looked at before it runs. */
  newestEvent(starter: {
    readonly name: string;
    readonly type: string;
    readonly config: Readonly<Record<string, unknown>>;
  }): Promise<NewestEvent | undefined>;
}

/**
 * The data that a mapping of `activity` would see: from the newest job that ran most of the activities before it, else from the
 * newest event of the process's starter.
 */
export async function sampleContext(
  { project, process, activity, reads }: SamplePlace,
  sources: SampleSources,
): Promise<Sample> {
  const upstream = [...upstreamOf(process, activity, catalog, reads)];
  // Their names stand for an iteration there.
  const around = new Set([...ancestorsOf(process, activity), ...(reads ? [activity] : [])]);
  // What is asked of a starter, or of what nothing leads to yet, is its own data.
  const before = upstream.length === 0 ? [activity] : upstream;
  const empty = Object.fromEntries(before.map((id) => [id, null]));
  const surroundings = { job: { id: 'sample', process: process.id }, properties: defaultsOf(project) };
  const job = await bestJob(process.id, before, sources);
  if (job) {
    const outputs = { ...outputsOf(job, before), ...iterationsOf(job, before, around) };
    const context = { ...empty, ...outputs, ...surroundings, job: { id: job.id, process: process.id } };
    return { context, source: `Job from ${job.origin}${cutOf(job, before)}`, reason: null };
  }
  let reason =
    upstream.length === 0
      ? `${process.activities[activity]?.name ?? activity} has not run yet`
      : 'no job of this process has ended yet, and its starter has no data before it runs';
  for (const id of before) {
    const starter = process.activities[id];
    const event = starter && (await sources.newestEvent(starter));
    if (event?.reason !== undefined) reason = event.reason;
    if (!event?.found) continue;
    const { output, origin } = event.found;
    return { context: { ...empty, [id]: output, ...surroundings }, source: origin, reason: event.reason ?? null };
  }
  return { context: { ...empty, ...surroundings }, source: null, reason };
}

/** Of the loops around an expression: what their names stood for in the last iteration that is kept. */
function iterationsOf(job: JobDetail, ids: readonly string[], around: ReadonlySet<string>): Record<string, unknown> {
  const loops = job.activities.filter(
    ({ activity, process }) => !process && ids.includes(activity) && around.has(activity),
  );
  return Object.fromEntries(loops.map((loop) => [loop.activity, iterationOf(job, loop)]));
}

function iterationOf(job: JobDetail, loop: ActivityRun): Record<string, unknown> {
  const rounds = job.activities.filter(({ parent }) => parent === loop.execution).map(({ iteration = 0 }) => iteration);
  const index = Math.max(0, ...rounds);
  const { items } = (loop.input ?? {}) as { readonly items?: unknown };
  if (items === undefined) return { index, attempt: index + 1 };
  const list = Array.isArray(items) ? items : [items];
  // A long list is cut in the history.
  return { item: list[Math.min(index, list.length - 1)] ?? null, index, count: list.length };
}

async function bestJob(
  process: string,
  before: readonly string[],
  sources: SampleSources,
): Promise<JobDetail | undefined> {
  if (before.length === 0) return undefined;
  let best: JobDetail | undefined;
  let bestCount = 0;
  for (const { id } of await sources.jobs(process, jobsLookedAtMax)) {
    const job = await sources.job(id).catch(() => undefined);
    const count = job ? Object.keys(outputsOf(job, before)).length : 0;
    if (count > bestCount) [best, bestCount] = [job, count];
    if (bestCount === before.length) break;
  }
  return best;
}

function outputsOf(job: JobDetail, ids: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(doneOf(job, ids).map(({ activity, output }) => [activity, output]));
}

/** Without outputs that could not be made: a mapping tried on the words for that would give a value where a run fails. */
function doneOf(job: JobDetail, ids: readonly string[]): readonly ActivityRun[] {
  return job.activities.filter(
    ({ activity, process, state, output }) =>
      state === 'completed' && !process && ids.includes(activity) && !holdsUnshown(output),
  );
}

/** A run sees all of what the history cuts: what a preview gives may differ. */
function cutOf(job: JobDetail, ids: readonly string[]): string {
  return doneOf(job, ids).some(({ truncated }) => truncated) ? ', large parts of it cut' : '';
}

function defaultsOf(project: Project): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(project.properties).map(([name, { default: value }]) => [name, value ?? null]),
  );
}
