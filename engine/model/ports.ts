import type { ActivityCatalog, DeclaredActivity, DeclaredInput } from './activity-catalog.ts';
import type { Activity, Process } from './document.ts';
import { ancestorsOf, childrenOf, scopeDepthMax } from './scopes.ts';
import type { ValueType } from './value-type.ts';
import { anyType, errorType } from './value-type.ts';

/** What goes into one activity of a process and what comes out of it. */
export interface Ports {
  readonly input: Readonly<Record<string, DeclaredInput>>;
  readonly output: ValueType;
}

/** What shapes can depend on besides the activity itself. */
export interface ShapeSources {
  readonly process: Process;
  readonly catalog: ActivityCatalog;
  /** Text of each file in `schemas/`, by file name. */
  readonly schemas: Readonly<Record<string, string>>;
  /** The type of an expression in the mapping of an activity; `any` when left out. */
  readonly infer?: (text: string, activity: Activity) => ValueType;
}

/**
 * The ports of an activity with its settings: the only reader of declared shapes. Undefined when the palette does not have its type.
 */
export function portsOf(activity: Activity, sources: ShapeSources): Ports | undefined {
  const declared = sources.catalog.get(activity.type);
  if (!declared) return undefined;
  const { config } = activity;
  const depending = declared.ports?.({ config, schemas: sources.schemas });
  const input = depending?.input ?? declared.input;
  if (declared.kind === 'scope') return { input, output: scopeOutput(activity, sources) };
  if (!givesItsInput(declared)) return { input, output: depending?.output ?? (declared.output as ValueType) };
  const { infer = () => anyType } = sources;
  const mapped = Object.entries(activity.input).map(([name, text]) => [name, infer(text, activity)] as const);
  return { input, output: { type: 'object', properties: Object.fromEntries(mapped) } };
}

/** Whether the output of an activity is its mapped input itself. */
export function givesItsInput(declared: DeclaredActivity | undefined): boolean {
  return declared?.output === 'input';
}

/** What a scope hands out: the outputs of the activities inside of it by their ids, and what its catch caught as `error`. */
function scopeOutput({ id }: Activity, sources: ShapeSources): ValueType {
  // Parents in a circle, and scopes in too many others, are problems of their own.
  const around = ancestorsOf(sources.process, id);
  if (around.length >= scopeDepthMax || around.includes(id)) return anyType;
  const properties: Record<string, ValueType> = {};
  for (const inside of childrenOf(sources.process, id)) {
    if (sources.catalog.get(inside.type)?.kind === 'catch') properties.error = errorType;
    properties[inside.id] = portsOf(inside, sources)?.output ?? anyType;
  }
  return { type: 'object', properties };
}
