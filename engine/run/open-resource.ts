import type { Result } from '../base/result.ts';
import type { Resource } from '../model/document.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import type { PaletteRuntime, RuntimeLoaders } from '../spi/define-runtime.ts';
import { readConfig } from '../spi/read-config.ts';
import type { ResourceInstance, RuntimeHost } from '../spi/runtime.ts';
import { closeAll } from './close-all.ts';
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

/** Throws RunStopped when the run was told to stop. */
export function goOn({ isStopping }: Opener): void {
  if (isStopping()) throw new RunStopped();
}

function orThrow<T>(result: Result<T, RunError>): T {
  if (result.ok) return result.value;
  throw result.error;
}

/** Declaration, runtime and checked config of one thing. Throws with the thing's name: RUNTIME_MISSING, CONFIG_INVALID, PROPERTY_MISSING, SECRET_MISSING. */
export async function prepare(
  opener: Opener,
  type: string,
  config: Readonly<Record<string, JsonValue>>,
  where: string,
): Promise<{ runtime: PaletteRuntime; config: Readonly<Record<string, unknown>> }> {
  const { catalog, runtimes, references } = opener;
  goOn(opener);
  const load = runtimes[type];
  if (!load) throw new RunError('RUNTIME_MISSING', `${where}: this engine has no runtime for the type "${type}"`);
  const settings = settingsOf({ catalog, references }, type, config, where);
  const runtime = await load();
  goOn(opener);
  return { runtime, config: settings };
}

/** The checked config of one thing: references replaced, defaults filled in. Throws what `prepare` throws. */
export function settingsOf(
  { catalog, references }: Pick<Opener, 'catalog' | 'references'>,
  type: string,
  config: Readonly<Record<string, JsonValue>>,
  where: string,
): Readonly<Record<string, unknown>> {
  const declaration = catalog.get(type);
  if (!declaration)
    throw new RunError('RUNTIME_MISSING', `${where}: this engine has no runtime for the type "${type}"`);
  const resolved = orThrow(resolveReferences(config, references, where));
  const read = readConfig(declaration.config, resolved);
  if (read.ok) return read.value;
  const message = read.error.map((fault) => `field "${fault.field}": ${fault.message}`).join('; ');
  throw new RunError('CONFIG_INVALID', `${where}: ${message}`, { details: { faults: read.error } });
}

/** The host of one activity or resource; `key` is `<process>.<activity>` or the resource's id. */
export function hostFor(opener: Opener, key: string, name: string, context: Record<string, string>): RuntimeHost {
  const values: MetricValues = new Map();
  opener.metrics.set(key, values);
  return createRuntimeHost(opener.ground, name, { key, context, metrics: values });
}

/** What is known of a shared resource before it is opened; whether a project holds it does not matter. */
export type ResourceSettings = Pick<Resource, 'type' | 'name' | 'config'>;

/**
 * Opens a shared resource, for a run and for whoever looks into it. Rejects with RESOURCE_MISSING, what `prepare` throws, what its
 * runtime throws, and with RunStopped, the resource closed again, when the run was told to stop meanwhile.
 */
export async function openResource(
  opener: Opener,
  id: string,
  resource: ResourceSettings | undefined,
): Promise<ResourceInstance> {
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
