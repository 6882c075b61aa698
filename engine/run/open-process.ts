import type { Result } from '../base/result.ts';
import { isConstruct } from '../model/activity-catalog.ts';
import type { Process, Project } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import { compileProcess } from '../process/compile-process.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import type { PaletteRuntime, RuntimeLoaders } from '../spi/define-runtime.ts';
import { readConfig } from '../spi/read-config.ts';
import type { ActivityInstance, ResourceInstance, StarterInstance } from '../spi/runtime.ts';
import { closeAll } from './close-all.ts';
import type { OpenedProcess } from './process-run.ts';
import type { ReferenceValues } from './resolve-references.ts';
import { resolveReferences } from './resolve-references.ts';
import { RunError } from './run-error.ts';
import type { MetricValues, RunGround } from './runtime-host.ts';
import { createRuntimeHost } from './runtime-host.ts';

/** What opening the parts of a project takes. */
export interface Opener {
  readonly catalog: ReadonlyMap<string, ActivityDeclaration>;
  readonly runtimes: RuntimeLoaders;
  readonly ground: RunGround;
  readonly references: ReferenceValues;
  /** Metric values by `<process>.<activity>` or resource id. */
  readonly metrics: Map<string, MetricValues>;
  /** Asked after every wait: true when the run was told to stop, and what was opened meanwhile is closed again. */
  readonly isStopping: () => boolean;
}

/** Thrown out of opening when the run was told to stop. Nobody sees it but the run. */
export class RunStopped extends RunError {
  constructor() {
    super('RUN_STOPPED', 'the run was stopped while it started');
  }
}

function goOn({ isStopping }: Opener): void {
  if (isStopping()) throw new RunStopped();
}

const defaultFlowLimit = 100;

function orThrow<T>(result: Result<T, RunError>): T {
  if (result.ok) return result.value;
  throw result.error;
}

/** Declaration, runtime and checked config of one thing. Throws with the thing's name. */
async function prepare(
  opener: Opener,
  type: string,
  config: Readonly<Record<string, JsonValue>>,
  where: string,
): Promise<{ runtime: PaletteRuntime; config: Readonly<Record<string, unknown>> }> {
  const { catalog, runtimes, references } = opener;
  goOn(opener);
  const declaration = catalog.get(type);
  const load = runtimes[type];
  if (!declaration || !load)
    throw new RunError('RUNTIME_MISSING', `${where}: this engine has no runtime for the type "${type}"`);
  const resolved = orThrow(resolveReferences(config, references, where));
  const read = readConfig(declaration.config, resolved);
  if (!read.ok) {
    const message = read.error.map((fault) => `field "${fault.field}": ${fault.message}`).join('; ');
    throw new RunError('CONFIG_INVALID', `${where}: ${message}`, { details: { faults: read.error } });
  }
  const runtime = await load();
  goOn(opener);
  return { runtime, config: read.value };
}

function hostFor(opener: Opener, key: string, name: string, context: Record<string, string>) {
  const values: MetricValues = new Map();
  opener.metrics.set(key, values);
  return createRuntimeHost(opener.ground, name, { key, context, metrics: values });
}

/** Opens a shared resource. Throws RunStopped, with the resource closed again, when the run was told to stop meanwhile. */
export async function openResource(opener: Opener, project: Project, id: string): Promise<ResourceInstance> {
  const resource = project.resources[id];
  if (!resource)
    throw new RunError('RESOURCE_MISSING', `expected a shared resource "${id}", found none in the project`);
  const { runtime, config } = await prepare(opener, resource.type, resource.config, `resource "${id}"`);
  if (runtime.kind !== 'resource')
    throw new RunError('CONFIG_INVALID', `resource "${id}": "${resource.type}" is not a shared resource`);
  const opened = await runtime.open(config as never, hostFor(opener, id, resource.name, { resource: id }));
  if (!opener.isStopping()) return opened;
  await closeAll(opener.ground.clock, [() => opened.close()]);
  throw new RunStopped();
}

/** Ids of the resources that the enabled activities of a process name. */
export function resourcesOf(process: Process, catalog: Opener['catalog']): string[] {
  const ids = new Set<string>();
  for (const { type, config, disabled } of Object.values(process.activities)) {
    for (const [name, field] of Object.entries(catalog.get(type)?.config ?? {})) {
      const id = config[name];
      if (!disabled && field.kind === 'resource' && typeof id === 'string' && id !== '') ids.add(id);
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
    for (const { id, index, name, type, config: raw, isDisabled } of plan.value.activities) {
      // engine/process executes scopes and catches itself.
      if (isDisabled || isConstruct(catalog.get(type))) continue;
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
