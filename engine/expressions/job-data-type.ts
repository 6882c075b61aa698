import type { ActivityCatalog, DeclaredInput } from '../model/activity-catalog.ts';
import { constructOf } from '../model/activity-catalog.ts';
import type { ActivityId, Process, Project } from '../model/document.ts';
import { topologicalOrder, upstreamOf } from '../model/graph.ts';
import { failuresBefore } from '../model/handled-failures.ts';
import type { ShapeSources } from '../model/ports.ts';
import { insideOf, portsOf } from '../model/ports.ts';
import { ancestorsOf } from '../model/scopes.ts';
import type { ValueType } from '../model/value-type.ts';
import { anyType, errorType } from '../model/value-type.ts';
import { inferType } from './infer-type.ts';

const job: ValueType = { type: 'object', properties: { id: { type: 'string' }, process: { type: 'string' } } };

/**
 * The shape of the job's data that the expressions of an activity can read: the outputs of all activities before it, in its own scope
 * and around it, `job`, `properties`, and `error` and `errors` behind an error transition and behind a catch. For the conditions of its
 * transitions pass `withOwnOutput`.
 */
export function jobDataType(
  project: Project,
  process: Process,
  activity: ActivityId,
  { catalog, withOwnOutput = false, reads }: JobDataOptions,
): ValueType {
  const types = new ProcessTypes(project, process, catalog);
  const before = types.dataOf(activity, reads);
  if (!withOwnOutput) return before;
  return { ...before, properties: { ...before.properties, [activity]: types.outputOf(activity, before) } };
}

export interface JobDataOptions {
  readonly catalog: ActivityCatalog;
  readonly withOwnOutput?: boolean;
  /** For an expression that a construct evaluates at a time of its own. */
  readonly reads?: DeclaredInput['reads'] | undefined;
}

type ObjectType = Extract<ValueType, { type: 'object' }>;

/** The shapes in one process, each made once: those inside of a scope are part of the scope's, and so are read again and again. */
class ProcessTypes {
  readonly #project: Project;
  readonly #process: Process;
  readonly #catalog: ActivityCatalog;
  readonly #order: readonly ActivityId[];
  readonly #data = new Map<ActivityId, ObjectType>();
  readonly #outputs = new Map<ActivityId, ValueType>();

  constructor(project: Project, process: Process, catalog: ActivityCatalog) {
    this.#project = project;
    this.#process = process;
    this.#catalog = catalog;
    this.#order = topologicalOrder(process);
  }

  /** What the mapping of an activity reads; with `reads` what an expression of a construct does. */
  dataOf(activity: ActivityId, reads?: DeclaredInput['reads']): ObjectType {
    const known = reads === undefined ? this.#data.get(activity) : undefined;
    if (known) return known;
    const properties: Record<string, ValueType> = { job, properties: propertiesType(this.#project) };
    const handled = failuresBefore(this.#process, activity, this.#catalog);
    if (handled.length) {
      properties.error = errorType;
      properties.errors = { type: 'object', properties: Object.fromEntries(handled.map((id) => [id, errorType])) };
    } else if (reads === 'inside' && this.#isRetry(activity)) properties.error = errorType;
    const before = upstreamOf(this.#process, activity, this.#catalog, reads);
    const around = new Set(ancestorsOf(this.#process, activity));
    const data: ObjectType = { type: 'object', properties };
    for (const id of this.#order) {
      if (!before.has(id)) continue;
      const isInIt = around.has(id) || id === activity;
      properties[id] = isInIt ? this.#insideOf(id) : this.outputOf(id, data);
    }
    if (reads === undefined) this.#data.set(activity, data);
    return data;
  }

  /** `data` has at least what its own mapping reads; what is inside of it reads more. */
  outputOf(id: ActivityId, data: ObjectType): ValueType {
    const known = this.#outputs.get(id);
    if (known) return known;
    const infer: ShapeSources['infer'] = (text, at, reads) =>
      inferType(text, at.id === id && reads === undefined ? data : this.dataOf(at.id, reads));
    const output = this.#ports(id, infer)?.output ?? anyType;
    this.#outputs.set(id, output);
    return output;
  }

  /** What ends a Repeat on Error reads why it is repeated. */
  #isRetry(id: ActivityId): boolean {
    return constructOf(this.#catalog.get(this.#process.activities[id]?.type ?? '')) === 'repeat-on-error';
  }

  /** What the name of a loop stands for in it. */
  #insideOf(id: ActivityId): ValueType {
    const activity = this.#process.activities[id];
    const infer: ShapeSources['infer'] = (text, at, reads) => inferType(text, this.dataOf(at.id, reads));
    return (activity && insideOf(activity, this.#sources(infer))) ?? anyType;
  }

  #ports(id: ActivityId, infer: ShapeSources['infer']) {
    const activity = this.#process.activities[id];
    return activity && portsOf(activity, this.#sources(infer));
  }

  #sources(infer: ShapeSources['infer']): ShapeSources {
    const { schemas, processes } = this.#project;
    return { process: this.#process, processes, catalog: this.#catalog, schemas, ...(infer ? { infer } : {}) };
  }
}

function propertiesType(project: Project): ValueType {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(project.properties).map(([name, { type }]) => [name, { type }])),
  };
}
