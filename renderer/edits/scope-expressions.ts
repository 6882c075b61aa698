import { analyseExpression } from '../../engine/expressions/analyse-expression.ts';
import type { ActivityId, Process } from '../../engine/model/document.ts';
import { ancestorsOf } from '../../engine/model/scopes.ts';

/** How an expression of `reader` reads an activity: through the scopes around it that the reader does not stand in. */
export function pathFrom(process: Process, reader: ActivityId, id: ActivityId): readonly string[] {
  const own = ancestorsOf(process, reader);
  return [
    ...ancestorsOf(process, id)
      .filter((scope) => !own.includes(scope))
      .reverse(),
    id,
  ];
}

/**
 * An expression with the paths to activities changed. `change` is asked for each way in which a reference may be read as a path to an
 * activity, the longest first; undefined where it is none. What is not written as names with dots between them stays.
 */
export function changePaths(text: string, change: (path: readonly string[]) => readonly string[] | undefined): string {
  const analysis = analyseExpression(text);
  if (!analysis.ok) return text;
  const changes = new Map<number, { readonly end: number; readonly by: string }>();
  for (const { path, positions } of analysis.references) {
    for (let length = path.length; length > 0; length--) {
      const wanted = change(path.slice(0, length));
      if (wanted === undefined) continue;
      const [start, last] = [positions[0]!, positions[length - 1]!];
      const end = last + nameLengthAt(text, last, path[length - 1]!);
      if (/^[\w.`"'\s]+$/.test(text.slice(start, end))) changes.set(start, { end, by: wanted.join('.') });
      break;
    }
  }
  return [...changes]
    .sort(([a], [b]) => b - a)
    .reduce((current, [start, { end, by }]) => current.slice(0, start) + by + current.slice(end), text);
}

/** Names may stand in quotes. */
function nameLengthAt(text: string, at: number, name: string): number {
  return name.length + (/^[`"']/.test(text.slice(at)) ? 2 : 0);
}
