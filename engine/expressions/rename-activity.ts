import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { Activity, ActivityId, Process } from '../model/document.ts';
import { activityIdPattern, reservedActivityIds } from '../model/document.ts';
import { ancestorsOf } from '../model/scopes.ts';
import { analyseExpression } from './analyse-expression.ts';

/**
 * Gives an activity another id and rewrites everything in the process that says the old one: transitions, layout, and the
 * expressions of inputs and conditions. Expressions that do not parse stay as they are. Refuses an id that is taken, reserved
 * or no identifier, with a sentence that says so.
 */
export function renameActivity(process: Process, from: ActivityId, to: ActivityId): Result<Process, string> {
  const activity = process.activities[from];
  if (!activity) return refused(`expected an activity ${from} in ${process.id}, but found none`);
  if (from === to) return ok(process);
  const refusal = whyNotId(process, to);
  if (refusal) return refused(refusal);
  const renamed = (id: ActivityId): ActivityId => (id === from ? to : id);
  const around = ancestorsOf(process, from).toReversed();
  const expression = (text: string): string => renameInExpression(text, from, to, around);
  return ok({
    ...process,
    activities: mapEntries(process.activities, (id, entry) => [
      renamed(id),
      renameInActivity(entry, renamed, expression),
    ]),
    transitions: process.transitions.map((transition) => ({
      ...transition,
      from: renamed(transition.from),
      to: renamed(transition.to),
      ...(transition.condition === undefined ? {} : { condition: expression(transition.condition) }),
    })),
    layout: {
      ...process.layout,
      positions: mapEntries(process.layout.positions, (id, position) => [renamed(id), position]),
      ...(process.layout.colors
        ? { colors: mapEntries(process.layout.colors, (id, color) => [renamed(id), color]) }
        : {}),
      ...(process.layout.collapsed ? { collapsed: process.layout.collapsed.map(renamed) } : {}),
    },
  });
}

/** Why an activity of this process cannot have this id, or undefined when it can. */
export function whyNotId(process: Process, id: string): string | undefined {
  if (!activityIdPattern.test(id))
    return `expected letters, digits and _, not a digit first, but found ${JSON.stringify(id)}`;
  if (reservedActivityIds.includes(id))
    return `expected an id that the job’s data does not use itself, but found ${id}`;
  return Object.hasOwn(process.activities, id)
    ? `expected an id that is free, but found another activity ${id}`
    : undefined;
}

/**
 * An expression with `from` replaced by `to` wherever it names the activity: not in texts, comments or deeper in a path. `around` are the
 * scopes that the activity stands in, the outermost first: from outside it is read through them.
 */
export function renameInExpression(
  text: string,
  from: ActivityId,
  to: ActivityId,
  around: readonly ActivityId[] = [],
): string {
  const analysis = analyseExpression(text);
  if (!analysis.ok) return text;
  const at = (path: readonly string[]): number => {
    if (path[0] === from) return 0;
    // What failed in it is read as `errors.<id>`.
    if (path[0] === 'errors' && path[1] === from) return 1;
    const place = path.indexOf(from);
    const through = path.slice(0, Math.max(0, place));
    return through.length > 0 && through.join('.') === around.slice(-through.length).join('.') ? place : -1;
  };
  const starts = analysis.references
    .map(({ path, positions }) => positions[at(path)])
    .filter((start) => start !== undefined);
  return [...new Set(starts)]
    .sort((a, b) => b - a)
    .reduce((result, start) => {
      const quoted = /^[`"']/.test(result.slice(start));
      return result.slice(0, start) + to + result.slice(start + from.length + (quoted ? 2 : 0));
    }, text);
}

function renameInActivity(
  activity: Activity,
  renamed: (id: ActivityId) => ActivityId,
  expression: (text: string) => string,
): Activity {
  return {
    ...activity,
    id: renamed(activity.id),
    input: mapEntries(activity.input, (field, text) => [field, expression(text)]),
    ...(activity.parent === undefined ? {} : { parent: renamed(activity.parent) }),
  };
}

function mapEntries<T>(
  record: Readonly<Record<string, T>>,
  map: (key: string, value: T) => readonly [string, T],
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => map(key, value)));
}
