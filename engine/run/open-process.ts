import { constructOf } from '../model/activity-catalog.ts';
import type { Process, ProcessId } from '../model/document.ts';
import { isSwitchedOff } from '../model/scopes.ts';
import { compileProcess } from '../process/compile-process.ts';
import type { Plan } from '../process/plan.ts';
import type { ActivityInstance, StarterInstance } from '../spi/runtime.ts';
import { CalledStarter } from './called-starter.ts';
import { closeAll } from './close-all.ts';
import type { Opener } from './open-resource.ts';
import { goOn, hostFor, prepare, settingsOf } from './open-resource.ts';
import type { OpenedProcess } from './process-run.ts';
import { RunError } from './run-error.ts';

const defaultFlowLimit = 100;

/** Ids of the resources that the activities of a process name which are not switched off. */
export function resourcesOf(process: Process, catalog: Opener['catalog']): string[] {
  const ids = new Set<string>();
  for (const { id: activity, type, config } of Object.values(process.activities)) {
    if (isSwitchedOff(process, activity)) continue;
    for (const [name, field] of Object.entries(catalog.get(type)?.config ?? {})) {
      const id = config[name];
      if (field.kind === 'resource' && typeof id === 'string' && id !== '') ids.add(id);
    }
  }
  return [...ids];
}

/** What the processes of a run have in common while they are opened. */
export interface OpenedTogether {
  /** Their plans so far: a call finds the process that it names here. */
  readonly plans: Map<ProcessId, Plan>;
  /** Activities of all of them, by their index. */
  readonly instances: (ActivityInstance | undefined)[];
}

/** Nothing is opened yet. */
export function openedTogether(): OpenedTogether {
  return { plans: new Map(), instances: [] };
}

/**
 * Compiles a process and opens its activities. When one cannot be opened, or the run was told to stop meanwhile (RunStopped),
 * those already opened are closed, the starter among them.
 */
export async function openProcess(
  opener: Opener,
  process: Process,
  { plans, instances }: OpenedTogether = openedTogether(),
): Promise<OpenedProcess> {
  const { catalog, ground } = opener;
  const firstIndex = instances.length;
  const plan = compiled(opener, process, plans, firstIndex);
  plans.set(process.id, plan);
  instances.length += plan.activities.length;
  let starter: StarterInstance | undefined;
  let flowLimit = defaultFlowLimit;
  try {
    for (const { id, index, name, type, config: raw, settings } of plan.activities) {
      if (isSwitchedOff(process, id)) continue;
      const construct = constructOf(catalog.get(type));
      if (construct === 'start') {
        starter = new CalledStarter();
        if (typeof settings.flowLimit === 'number') flowLimit = settings.flowLimit;
      }
      // engine/process executes these itself.
      if (construct !== undefined) continue;
      const { runtime, config } = await prepare(opener, type, raw, nameOf(process, id));
      const host = hostFor(opener, `${process.id}.${id}`, name, { process: process.id, activity: id });
      if (runtime.kind === 'starter') {
        starter = await runtime.open(config as never, host);
        if (typeof config.flowLimit === 'number') flowLimit = config.flowLimit;
      } else if (runtime.kind === 'activity') instances[index] = await runtime.open(config as never, host);
      goOn(opener);
    }
    if (!starter) throw new RunError('STARTER_DISABLED', `process "${process.id}": its process starter is disabled`);
    return { process, plan, starter, instances, flowLimit };
  } catch (error) {
    const own = instances.slice(firstIndex);
    await closeAll(ground.clock, [() => starter?.stop(), ...own.map((instance) => () => instance?.close?.())]);
    throw error;
  }
}

/** The plan of a process; `plans` are those that it may call. */
function compiled(opener: Opener, process: Process, plans: OpenedTogether['plans'], firstIndex: number): Plan {
  const { catalog, ground, references } = opener;
  const plan = compileProcess(process, {
    ...{ catalog, host: ground, properties: references.properties, processes: plans, firstIndex },
    settingsOf: ({ id, type, config }) =>
      // What is switched off may be half written.
      isSwitchedOff(process, id) ? config : settingsOf(opener, type, config, nameOf(process, id)),
  });
  if (plan.ok) return plan.value;
  const message = plan.error.map((problem) => problem.message).join('; ');
  throw new RunError('PROJECT_INVALID', `process "${process.id}": ${message}`, { details: { problems: plan.error } });
}

function nameOf({ id }: Process, activity: string): string {
  return `activity "${activity}" of process "${id}"`;
}
