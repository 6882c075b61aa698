import { renameInExpression } from '../../engine/expressions/rename-activity.ts';
import type { Activity, ActivityId, Position, Process, ProcessId, Transition } from '../../engine/model/document.ts';
import { isJsonObject } from '../../engine/model/json-value.ts';
import { transitionIdFor } from './connect.ts';
import type { Edit } from './edit.ts';
import { freeActivityId } from './free-id.ts';
import { inProcess } from './in-process.ts';

/** Part of a process on the clipboard, as JSON text that can be mailed, kept and pasted elsewhere. */
export interface Clipping {
  readonly millrace: 'activities';
  readonly activities: readonly Activity[];
  /** Wires that have both ends in the clipping. */
  readonly transitions: readonly Transition[];
  readonly positions: Readonly<Record<ActivityId, Position>>;
}

/** Copies activities and the wires between them. */
export function clip(process: Process, ids: readonly ActivityId[]): Clipping {
  const activities = ids.flatMap((id) => process.activities[id] ?? []);
  const inside = new Set(activities.map((activity) => activity.id));
  return {
    millrace: 'activities',
    activities,
    transitions: process.transitions.filter((wire) => inside.has(wire.from) && inside.has(wire.to)),
    positions: Object.fromEntries([...inside].map((id) => [id, process.layout.positions[id] ?? { x: 0, y: 0 }])),
  };
}

/** The clipboard's text of a clipping. */
export function clippingText(clipping: Clipping): string {
  return JSON.stringify(clipping, null, 2);
}

/** Reads what is on the clipboard; undefined when it is anything but a clipping. */
export function readClipping(text: string): Clipping | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || value.millrace !== 'activities') return undefined;
    const { activities, transitions, positions } = value;
    if (!Array.isArray(activities) || !Array.isArray(transitions) || !isJsonObject(positions)) return undefined;
    return activities.every(isActivity) && transitions.every(isTransition) ? (value as unknown as Clipping) : undefined;
  } catch {
    return undefined;
  }
}

function isActivity(value: unknown): boolean {
  if (!isJsonObject(value) || !isJsonObject(value.config) || !isJsonObject(value.input)) return false;
  return [value.id, value.name, value.type].every((text) => typeof text === 'string');
}

function isTransition(value: unknown): boolean {
  return isJsonObject(value) && [value.id, value.from, value.to, value.kind].every((text) => typeof text === 'string');
}

/** New ids for the activities of a clipping that do not clash with those of the process. */
export function pasteIds(process: Process, clipping: Clipping): ReadonlyMap<ActivityId, ActivityId> {
  const taken: Record<ActivityId, unknown> = { ...process.activities };
  const ids = new Map<ActivityId, ActivityId>();
  for (const { id } of clipping.activities) {
    const free = freeActivityId(id, taken);
    taken[free] = true;
    ids.set(id, free);
  }
  return ids;
}

/** Adds a clipping under the ids of `pasteIds`, moved by `offset`. Expressions inside it read the copies, not the originals. */
export function paste(
  process: ProcessId,
  clipping: Clipping,
  ids: ReadonlyMap<ActivityId, ActivityId>,
  offset: Position,
): Edit {
  return inProcess(process, (current) => {
    const activities = { ...current.activities };
    const positions = { ...current.layout.positions };
    for (const activity of clipping.activities) {
      const id = ids.get(activity.id) ?? activity.id;
      const input = Object.entries(activity.input).map(([field, text]) => [field, renameAll(text, ids)] as const);
      activities[id] = { ...activity, id, input: Object.fromEntries(input) };
      const { x, y } = clipping.positions[activity.id] ?? { x: 0, y: 0 };
      positions[id] = { x: x + offset.x, y: y + offset.y };
    }
    const transitions = [...current.transitions];
    for (const wire of clipping.transitions) transitions.push(pastedWire(wire, ids, transitions));
    return { ...current, activities, transitions, layout: { ...current.layout, positions } };
  });
}

function pastedWire(
  wire: Transition,
  ids: ReadonlyMap<ActivityId, ActivityId>,
  others: readonly Transition[],
): Transition {
  const from = ids.get(wire.from) ?? wire.from;
  const to = ids.get(wire.to) ?? wire.to;
  const condition = wire.condition === undefined ? {} : { condition: renameAll(wire.condition, ids) };
  return { ...wire, id: transitionIdFor(others, from, to), from, to, ...condition };
}

/** By way of names that nobody has, so that a swap of two names does not meet itself. */
function renameAll(text: string, ids: ReadonlyMap<ActivityId, ActivityId>): string {
  const renames = [...ids].filter(([from, to]) => from !== to);
  const parked = renames.reduce(
    (current, [from], index) => renameInExpression(current, from, `__pasted_${index}__`),
    text,
  );
  return renames.reduce((current, [, to], index) => renameInExpression(current, `__pasted_${index}__`, to), parked);
}
