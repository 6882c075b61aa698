import type { ActivityId, Process, TransitionKind } from '../../engine/model/document.ts';
import { parentOf } from '../../engine/model/scopes.ts';
import type { Palette } from './palette.ts';

/** A wire that somebody wants to draw. */
export interface WantedWire {
  readonly from: ActivityId;
  readonly to: ActivityId;
  readonly kind: TransitionKind;
}

/** Why a wire cannot be drawn, in a sentence; undefined when it can. Loops belong in groups, as in BusinessWorks. */
export function whyNotConnect(process: Process, palette: Palette, { from, to, kind }: WantedWire): string | undefined {
  const target = process.activities[to];
  if (target === undefined || process.activities[from] === undefined) return 'A wire needs an activity at each end.';
  if (from === to) return 'A wire cannot lead back to the activity it leaves.';
  if (palette.get(target.type)?.kind === 'starter')
    return `${target.name} starts the process, so no wire can lead to it.`;
  if (palette.get(target.type)?.kind === 'catch')
    return `${target.name} begins when something in its scope fails, so no wire can lead to it.`;
  if (parentOf(process, from) !== parentOf(process, to))
    return 'A wire cannot cross the border of a scope: lead it to or from the scope itself.';
  const isError = kind === 'error';
  if (process.transitions.some((wire) => wire.from === from && wire.to === to && (wire.kind === 'error') === isError))
    return 'These two activities are connected already.';
  if (isReachable(process, to, from)) return 'A wire cannot lead back to an earlier activity.';
  return undefined;
}

function isReachable(process: Process, start: ActivityId, goal: ActivityId): boolean {
  const seen = new Set<ActivityId>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === goal) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const wire of process.transitions) if (wire.from === id) open.push(wire.to);
  }
  return false;
}
