import type { ActivityCatalog, DeclaredActivity } from '../activity-catalog.ts';
import { constructOf } from '../activity-catalog.ts';
import { calledProcess } from '../called-process.ts';
import type { Activity, Process, Project } from '../document.ts';
import { isSwitchedOff } from '../scopes.ts';
import type { ProcessRule } from './process-rule.ts';
import type { Found } from './rule.ts';

/** The starter whose transactions activities have to be a part of, and the shared resource that these are on. */
interface Transactional {
  readonly starter: Activity;
  readonly shared: unknown;
}

/** Behind a starter that handles its events exactly once, what cannot be a part of its transaction would happen once more when that is tried again. */
export const outsideTransaction: ProcessRule = {
  code: 'OUTSIDE_TRANSACTION',
  *checkProcess(process, catalog) {
    const transactional = transactionalOf(process, catalog);
    if (transactional) yield* problemsIn(process, catalog, transactional);
  },
  *check({ project, catalog }) {
    for (const process of Object.values(project.processes)) {
      const transactional = transactionalOf(process, catalog);
      if (!transactional) continue;
      for (const each of withCalled(process, project, catalog))
        for (const found of problemsIn(each, catalog, transactional)) yield { process: each.id, ...found };
    }
  },
};

function transactionalOf(process: Process, catalog: ActivityCatalog): Transactional | undefined {
  const starter = Object.values(process.activities).find(({ type }) => catalog.get(type)?.kind === 'starter');
  const declared = starter && catalog.get(starter.type);
  if (!starter || !declared?.transaction || !isTransactional(starter, declared)) return undefined;
  return { starter, shared: starter.config[declared.transaction.of] };
}

/** A process and those that run in its jobs because it calls them, and so on. */
function withCalled(process: Process, project: Project, catalog: ActivityCatalog): ReadonlySet<Process> {
  const all = new Set([process]);
  // Grows while it is gone through.
  for (const each of all)
    for (const activity of activitiesOf(each)) {
      if (constructOf(catalog.get(activity.type)) !== 'call') continue;
      const called = calledProcess(activity, { processes: project.processes, catalog });
      if (called) all.add(called);
    }
  return all;
}

function* problemsIn(process: Process, catalog: ActivityCatalog, { starter, shared }: Transactional): Generator<Found> {
  for (const activity of activitiesOf(process)) {
    const { id, name, type, config } = activity;
    const found = catalog.get(type);
    const construct = constructOf(found);
    const leaves = construct === 'call' && (config.mode === 'spawn' || config.byName === true);
    if (!found || activity === starter || (construct && !leaves) || found.isRepeatable) continue;
    const message = found.transaction
      ? otherResource(activity, found.transaction.of, shared, starter.name)
      : `${name} cannot be a part of the transaction of ${starter.name}, which handles each event exactly once: what it does would happen again when a job is tried again. The Log is fine, HTTP is not`;
    if (message)
      yield {
        activity: id,
        message,
        fix: 'Do it in a process of its own that reads what this one sends, or choose At least once.',
      };
  }
}

function activitiesOf(process: Process): readonly Activity[] {
  return Object.values(process.activities).filter(({ id }) => !isSwitchedOff(process, id));
}

function isTransactional({ config }: Activity, { transaction, config: fields }: DeclaredActivity): boolean {
  const when = transaction?.when;
  if (!when) return true;
  return when.is.includes(config[when.field] ?? fields[when.field]?.default ?? null);
}

function otherResource(
  { name, config }: Activity,
  field: string,
  shared: unknown,
  starter: string,
): string | undefined {
  if (config[field] === shared) return undefined;
  return `${name} uses another shared resource than ${starter}: a transaction holds what is sent to the cluster that the event came from, and nothing else`;
}
