import { isConstruct } from '../model/activity-catalog.ts';
import type { Process } from '../model/document.ts';
import { isSwitchedOff } from '../model/scopes.ts';
import { compileProcess } from '../process/compile-process.ts';
import type { ActivityInstance, StarterInstance } from '../spi/runtime.ts';
import { closeAll } from './close-all.ts';
import type { Opener } from './open-resource.ts';
import { goOn, hostFor, prepare } from './open-resource.ts';
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

/**
 * Compiles a process and opens its activities. When one cannot be opened, or the run was told to stop meanwhile (RunStopped),
 * those already opened are closed, the starter among them.
 */
export async function openProcess(opener: Opener, process: Process): Promise<OpenedProcess> {
  const { catalog, ground, references } = opener;
  const plan = compileProcess(process, { catalog, host: ground, properties: references.properties });
  if (!plan.ok) {
    const message = plan.error.map((problem) => problem.message).join('; ');
    throw new RunError('PROJECT_INVALID', `process "${process.id}": ${message}`, { details: { problems: plan.error } });
  }
  const instances: (ActivityInstance | undefined)[] = [];
  let starter: StarterInstance | undefined;
  let flowLimit = defaultFlowLimit;
  try {
    for (const { id, index, name, type, config: raw } of plan.value.activities) {
      // engine/process executes scopes and catches itself.
      if (isSwitchedOff(process, id) || isConstruct(catalog.get(type))) continue;
      const { runtime, config } = await prepare(opener, type, raw, `activity "${id}" of process "${process.id}"`);
      const host = hostFor(opener, `${process.id}.${id}`, name, { process: process.id, activity: id });
      if (runtime.kind === 'starter') {
        starter = await runtime.open(config as never, host);
        if (typeof config.flowLimit === 'number') flowLimit = config.flowLimit;
      } else if (runtime.kind === 'activity') instances[index] = await runtime.open(config as never, host);
      goOn(opener);
    }
    if (!starter) throw new RunError('STARTER_DISABLED', `process "${process.id}": its process starter is disabled`);
    return { process, plan: plan.value, starter, instances, flowLimit };
  } catch (error) {
    await closeAll(ground.clock, [() => starter?.stop(), ...instances.map((instance) => () => instance?.close?.())]);
    throw error;
  }
}
