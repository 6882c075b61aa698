import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import { renameInExpression } from '../../engine/expressions/rename-activity.ts';
import type { Activity, ActivityId, Process, Transition } from '../../engine/model/document.ts';

/**
 * An expression that read activities that stand in a new scope now: it reads them through it. `around` are the scopes around the new
 * one, the outermost first.
 */
export function readThrough(
  text: string,
  ids: readonly ActivityId[],
  scope: ActivityId,
  around: readonly ActivityId[],
): string {
  return ids.reduce((current, id) => renameInExpression(current, id, `${scope}.${id}`, around), text);
}

/** An expression that read activities through a scope that is gone. */
export function readDirectly(
  text: string,
  ids: readonly ActivityId[],
  scope: ActivityId,
  around: readonly ActivityId[],
): string {
  const analysis = analyseExpression(text);
  if (!analysis.ok) return text;
  return analysis.references
    .flatMap(({ path, positions }) => {
      const at = path.indexOf(scope);
      const isIt = at >= 0 && ids.includes(path[at + 1] ?? '') && isThrough(path.slice(0, at), around);
      return isIt ? [[positions[at]!, positions[at + 1]!] as const] : [];
    })
    .sort(([a], [b]) => b - a)
    .reduce((current, [start, next]) => current.slice(0, start) + current.slice(next), text);
}

/** Whether a path leads from some scope, or from the top, to the innermost of these. */
function isThrough(path: readonly string[], around: readonly ActivityId[]): boolean {
  return path.length === 0 || path.join('.') === around.slice(-path.length).join('.');
}

/** A process with the expressions of all activities, and of the wires behind them, changed, but for those of the given ones. */
export function changeExpressions(
  process: Process,
  except: ReadonlySet<ActivityId>,
  change: (text: string) => string,
): Pick<Process, 'activities' | 'transitions'> {
  const activities = Object.entries(process.activities).map(([id, activity]) => {
    return [id, except.has(id) ? activity : withMapping(activity, change)] as const;
  });
  const transitions = process.transitions.map((wire): Transition => {
    if (wire.condition === undefined || except.has(wire.from)) return wire;
    return { ...wire, condition: change(wire.condition) };
  });
  return { activities: Object.fromEntries(activities), transitions };
}

function withMapping(activity: Activity, change: (text: string) => string): Activity {
  const input = Object.entries(activity.input).map(([field, text]) => [field, change(text)] as const);
  return { ...activity, input: Object.fromEntries(input) };
}
