import type { ActivityCatalog } from '../model/activity-catalog.ts';
import type { Activity, ActivityId, Process, Project } from '../model/document.ts';
import { topologicalOrder, upstreamOf } from '../model/graph.ts';
import type { ValueType } from '../model/value-type.ts';
import { anyType } from '../model/value-type.ts';
import { inferType } from './infer-type.ts';

const job: ValueType = { type: 'object', properties: { id: { type: 'string' }, process: { type: 'string' } } };

/** What an error transition leads to can read as `error`. */
const error: ValueType = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    activity: { type: 'string' },
    retriable: { type: 'boolean' },
    details: anyType,
    transition: { type: 'string' },
    source: { type: 'string' },
  },
};

/**
 * The shape of the job's data that the expressions of an activity can read: the outputs of all activities before it, `job`,
 * `properties`, and `error` and `errors` behind an error transition. For the conditions of its transitions pass `withOwnOutput`.
 */
export function jobDataType(
  project: Project,
  process: Process,
  activity: ActivityId,
  { catalog, withOwnOutput = false }: { readonly catalog: ActivityCatalog; readonly withOwnOutput?: boolean },
): ValueType {
  const wanted = new Set(upstreamOf(process, activity));
  if (withOwnOutput) wanted.add(activity);
  const properties: Record<string, ValueType> = { job, properties: propertiesType(project) };
  const handled = failuresBefore(process, activity, wanted);
  if (handled.length) {
    properties.error = error;
    properties.errors = { type: 'object', properties: Object.fromEntries(handled.map((id) => [id, error])) };
  }
  const scope: ValueType = { type: 'object', properties };
  for (const id of topologicalOrder(process)) {
    if (wanted.has(id)) properties[id] = outputType(process.activities[id]!, catalog, scope);
  }
  return scope;
}

/** The shape of an activity's output; `scope` is what its own expressions read. */
function outputType(activity: Activity, catalog: ActivityCatalog, scope: ValueType): ValueType {
  const declared = catalog.get(activity.type);
  if (!declared) return anyType;
  if (declared.output !== 'input') return declared.output;
  const fields = Object.entries(activity.input).map(([name, text]) => [name, inferType(text, scope)] as const);
  return { type: 'object', properties: Object.fromEntries(fields) };
}

function propertiesType(project: Project): ValueType {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(project.properties).map(([name, { type }]) => [name, { type }])),
  };
}

/** Activities whose error transitions lead to this one, directly or through others. */
function failuresBefore(process: Process, activity: ActivityId, before: ReadonlySet<ActivityId>): ActivityId[] {
  return process.transitions
    .filter(({ kind, to }) => kind === 'error' && (to === activity || before.has(to)))
    .map(({ from }) => from);
}
