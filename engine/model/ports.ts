import type { ActivityCatalog, DeclaredActivity, DeclaredInput } from './activity-catalog.ts';
import { constructOf, loopKinds } from './activity-catalog.ts';
import { calledProcess, signatureOf } from './called-process.ts';
import type { Activity, Process, ProcessId } from './document.ts';
import type { FieldTypes } from './field-types.ts';
import { isOptional, recordTypeOf, valueTypeOf } from './field-types.ts';
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
  /** Those of the project: what a call takes and gives is what the called process declares. */
  readonly processes?: Readonly<Record<ProcessId, Process>>;
  readonly catalog: ActivityCatalog;
  /** Text of each file in `schemas/`, by file name. */
  readonly schemas: Readonly<Record<string, string>>;
  /** The type of an expression in the mapping of an activity; `any` when left out. */
  readonly infer?: (text: string, activity: Activity, reads?: DeclaredInput['reads']) => ValueType;
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
  switch (constructOf(declared)) {
    case undefined:
      break;
    case 'for-each':
    case 'while':
    case 'repeat':
      return { input, output: loopOutput(activity, sources) };
    case 'repeat-on-error':
      return { input, output: withFields(scopeOutput(activity, sources), { attempts: { type: 'integer' } }) };
    case 'pick':
      return { input, output: withFields(scopeOutput(activity, sources), { picked: { type: 'string' } }) };
    case 'start':
      return { input, output: recordTypeOf(signatureOf(sources.process, sources.catalog).input) };
    case 'return':
      return { input: fieldsOf(signatureOf(sources.process, sources.catalog).output), output: anyType };
    case 'call':
      return callPorts(activity, input, sources);
    default:
      if (declared.kind === 'scope') return { input, output: scopeOutput(activity, sources) };
  }
  if (!givesItsInput(declared)) return { input, output: depending?.output ?? (declared.output as ValueType) };
  const { infer = () => anyType } = sources;
  const mapped = Object.entries(activity.input).map(([name, text]) => [name, infer(text, activity)] as const);
  return { input, output: { type: 'object', properties: Object.fromEntries(mapped) } };
}

/** Whether the user adds input fields of his own: it is declared so, and nothing says which fields there are. */
export function hasOpenInput(ports: Ports | undefined, declared: DeclaredActivity | undefined): boolean {
  const construct = constructOf(declared);
  if (construct === 'return' || construct === 'call') {
    const named = Object.keys(ports?.input ?? {}).filter((name) => name !== 'processName');
    return named.length === 0;
  }
  return declared?.openInput === true;
}

function record(properties: Readonly<Record<string, ValueType>>): ValueType {
  return { type: 'object', properties };
}

function withFields(type: ValueType, more: Readonly<Record<string, ValueType>>): ValueType {
  return type.type === 'object' ? { ...type, properties: { ...type.properties, ...more } } : type;
}

/** Declared fields as those of a mapping. */
function fieldsOf(fields: FieldTypes): Record<string, DeclaredInput> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [
      name,
      { label: name, type: valueTypeOf(type), required: !isOptional(type), help: '' },
    ]),
  );
}

/** What the called process takes and gives; of a job of its own there is its id. */
function callPorts(activity: Activity, own: Ports['input'], { processes, catalog }: ShapeSources): Ports {
  const called = processes && calledProcess(activity, { processes, catalog });
  const { input, output } = called ? signatureOf(called, catalog) : { input: {}, output: {} };
  return {
    input: { ...(activity.config.byName === true ? own : {}), ...fieldsOf(input) },
    output: activity.config.mode === 'spawn' ? record({ job: { type: 'string' } }) : recordTypeOf(output),
  };
}

function loopOutput(activity: Activity, sources: ShapeSources): ValueType {
  const { collect = '' } = activity.input;
  const { infer = () => anyType } = sources;
  const outputs: ValueType = { type: 'array', items: collect.trim() ? infer(collect, activity, 'inside') : anyType };
  return withFields(scopeOutput(activity, sources), {
    count: { type: 'integer', description: 'Number of iterations' },
    ...(collect.trim() ? { outputs } : {}),
  });
}

/**
 * What the name of a loop stands for in it; undefined for what is no loop. What is in a loop may read what it gave the last time: the shape of
 * that is not asked for, as that would go in a circle.
 */
export function insideOf(activity: Activity, { infer = () => anyType, catalog }: ShapeSources): ValueType | undefined {
  const construct = constructOf(catalog.get(activity.type));
  if (construct === undefined || !loopKinds.includes(construct)) return undefined;
  if (construct === 'repeat-on-error') return record({ attempt: { type: 'integer' }, error: errorType });
  const index: ValueType = { type: 'integer', description: 'Number of this iteration, from 0' };
  if (construct !== 'for-each')
    return record({ index, last: { type: 'any', description: 'What the iteration before gave' } });
  const items = infer(activity.input.items ?? '', activity);
  return record({ item: items.type === 'array' ? items.items : anyType, index, count: { type: 'integer' } });
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
    const construct = constructOf(sources.catalog.get(inside.type));
    if (construct === 'catch') properties.error = errorType;
    if (construct === 'compensation') continue;
    properties[inside.id] = portsOf(inside, sources)?.output ?? anyType;
  }
  return { type: 'object', properties };
}
