import type { ActivityCatalog } from '../model/activity-catalog.ts';
import type { Activity, ActivityId, Process, Project } from '../model/document.ts';
import { topologicalOrder, upstreamOf } from '../model/graph.ts';
import { failuresBefore } from '../model/handled-failures.ts';
import { portsOf } from '../model/ports.ts';
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
  { catalog, withOwnOutput = false }: { readonly catalog: ActivityCatalog; readonly withOwnOutput?: boolean },
): ValueType {
  const types = new ProcessTypes(project, process, catalog);
  const before = types.dataOf(activity);
  if (!withOwnOutput) return before;
  return { ...before, properties: { ...before.properties, [activity]: types.outputOf(activity, before) } };
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

  /** What the mapping of an activity reads. */
  dataOf(activity: ActivityId): ObjectType {
    const known = this.#data.get(activity);
    if (known) return known;
    const properties: Record<string, ValueType> = { job, properties: propertiesType(this.#project) };
    const handled = failuresBefore(this.#process, activity, this.#catalog);
    if (handled.length) {
      properties.error = errorType;
      properties.errors = { type: 'object', properties: Object.fromEntries(handled.map((id) => [id, errorType])) };
    }
    const before = upstreamOf(this.#process, activity, this.#catalog);
    const data: ObjectType = { type: 'object', properties };
    for (const id of this.#order) if (before.has(id)) properties[id] = this.outputOf(id, data);
    this.#data.set(activity, data);
    return data;
  }

  /** `data` has at least what its own mapping reads; what is inside of it reads more. */
  outputOf(id: ActivityId, data: ObjectType): ValueType {
    const known = this.#outputs.get(id);
    if (known) return known;
    const activity = this.#process.activities[id];
    const infer = (text: string, at: Activity) => inferType(text, at.id === id ? data : this.dataOf(at.id));
    const sources = { process: this.#process, catalog: this.#catalog, schemas: this.#project.schemas, infer };
    const output = (activity && portsOf(activity, sources)?.output) ?? anyType;
    this.#outputs.set(id, output);
    return output;
  }
}

function propertiesType(project: Project): ValueType {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(project.properties).map(([name, { type }]) => [name, { type }])),
  };
}
