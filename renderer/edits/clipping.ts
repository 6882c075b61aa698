import { renameInExpression } from '../../engine/expressions/rename-activity.ts';
import type { Activity, ActivityId, Position, Process, ProcessId, Transition } from '../../engine/model/document.ts';
import { isJsonObject } from '../../engine/model/json-value.ts';
import { ancestorsOf, outermost, parentOf, withInside } from '../../engine/model/scopes.ts';
import { transitionIdFor } from './connect.ts';
import type { Edit } from './edit.ts';
import { freeActivityId } from './free-id.ts';
import { inProcess } from './in-process.ts';
import { scopeBoxes } from './scope-boxes.ts';
import { withParent } from './scopes.ts';

/** Part of a process on the clipboard, as JSON text that can be mailed, kept and pasted elsewhere. */
export interface Clipping {
  readonly millrace: 'activities';
  readonly activities: readonly Activity[];
  /** Wires that have both ends in the clipping. */
  readonly transitions: readonly Transition[];
  readonly positions: Readonly<Record<ActivityId, Position>>;
}

/** Copies activities, scopes with all that is in them, and the wires between them. */
export function clip(process: Process, ids: readonly ActivityId[]): Clipping {
  const inside = new Set([...ids, ...withInside(process, ids)].filter((id) => id in process.activities));
  const activities = [...inside].map((id) => process.activities[id]!);
  const roots = outermost(process, ids);
  // Those of one scope keep their places in it; of several scopes, their places on the canvas.
  const isOneScope = new Set(roots.map((id) => parentOf(process, id))).size === 1;
  const boxes = scopeBoxes(process);
  const placeOf = (id: ActivityId) => {
    if (!isOneScope && roots.includes(id)) return boxes.place(id);
    return process.layout.positions[id] ?? { x: 0, y: 0 };
  };
  return {
    millrace: 'activities',
    activities,
    transitions: process.transitions.filter((wire) => inside.has(wire.from) && inside.has(wire.to)),
    positions: Object.fromEntries([...inside].map((id) => [id, placeOf(id)])),
  };
}

/** The activities of a clipping that stand in no other one of it. */
export function rootsOf({ activities }: Clipping): readonly Activity[] {
  const ids = new Set(activities.map(({ id }) => id));
  return activities.filter(({ parent }) => parent === undefined || !ids.has(parent));
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
    if (!activities.every(isActivity) || !transitions.every(isTransition)) return undefined;
    const clipping = value as unknown as Clipping;
    const parts = { activities: Object.fromEntries(clipping.activities.map((activity) => [activity.id, activity])) };
    // Scopes that stand in themselves would be pasted where nobody sees them.
    return clipping.activities.some(({ id }) => ancestorsOf(parts, id).includes(id)) ? undefined : clipping;
  } catch {
    return undefined;
  }
}

function isActivity(value: unknown): boolean {
  if (!isJsonObject(value) || !isJsonObject(value.config) || !isJsonObject(value.input)) return false;
  if (value.parent !== undefined && typeof value.parent !== 'string') return false;
  return [value.id, value.name, value.type, ...Object.values(value.input)].every((text) => typeof text === 'string');
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

/** Where a clipping is put. */
export interface PastePlace {
  /** New ids, from `pasteIds`. */
  readonly ids: ReadonlyMap<ActivityId, ActivityId>;
  readonly offset: Position;
  /** The scope that it goes into; undefined for the top of the process. */
  readonly scope: ActivityId | undefined;
}

/** Adds a clipping. Expressions inside it read the copies, not the originals. */
export function paste(process: ProcessId, clipping: Clipping, { ids, offset, scope }: PastePlace): Edit {
  const roots = new Set(rootsOf(clipping));
  return inProcess(process, (current) => {
    const activities = { ...current.activities };
    const positions = { ...current.layout.positions };
    for (const activity of clipping.activities) {
      const id = ids.get(activity.id) ?? activity.id;
      const input = Object.entries(activity.input).map(
        ([field, text]) => [field, renameAll(text, clipping, ids)] as const,
      );
      const isRoot = roots.has(activity);
      const parent = isRoot ? scope : ids.get(activity.parent ?? '');
      activities[id] = withParent({ ...activity, id, input: Object.fromEntries(input) }, parent);
      const { x, y } = clipping.positions[activity.id] ?? { x: 0, y: 0 };
      positions[id] = isRoot ? { x: x + offset.x, y: y + offset.y } : { x, y };
    }
    const transitions = [...current.transitions];
    for (const wire of clipping.transitions) transitions.push(pastedWire(wire, clipping, ids, transitions));
    return { ...current, activities, transitions, layout: { ...current.layout, positions } };
  });
}

function pastedWire(
  wire: Transition,
  clipping: Clipping,
  ids: ReadonlyMap<ActivityId, ActivityId>,
  others: readonly Transition[],
): Transition {
  const from = ids.get(wire.from) ?? wire.from;
  const to = ids.get(wire.to) ?? wire.to;
  const condition = wire.condition === undefined ? {} : { condition: renameAll(wire.condition, clipping, ids) };
  return { ...wire, id: transitionIdFor(others, from, to), from, to, ...condition };
}

/**
 * By way of names that nobody has, so that a swap of two names does not meet itself. From the inside out: what stands in a scope is read
 * through it, by the name that it has at that moment.
 */
function renameAll(text: string, { activities }: Clipping, ids: ReadonlyMap<ActivityId, ActivityId>): string {
  const clipped = { activities: Object.fromEntries(activities.map((activity) => [activity.id, activity])) };
  const renames = [...ids]
    .filter(([id, to]) => id !== to)
    .map(([id, to], index) => ({
      id,
      to,
      parked: `__pasted_${index}__`,
      around: ancestorsOf(clipped, id).toReversed(),
    }))
    .sort((a, b) => b.around.length - a.around.length);
  const parkedOf = new Map(renames.map(({ id, parked }) => [id, parked]));
  const parkedText = renames.reduce(
    (current, { id, parked, around }) => renameInExpression(current, id, parked, around),
    text,
  );
  return renames.reduce((current, { to, parked, around }) => {
    const parkedAround = around.map((scope) => parkedOf.get(scope) ?? scope);
    return renameInExpression(current, parked, to, parkedAround);
  }, parkedText);
}
