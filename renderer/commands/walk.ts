import type { Process } from '../../engine/model/document.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Selection } from '../store/session-slice.ts';
import { emptySelection } from '../store/session-slice.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

type Step = (process: Process, selection: Selection) => Selection | undefined;

/** Commands that walk along the wires with the keyboard: from an activity to its wire, from the wire to the next activity. */
export const walks: readonly Command[] = [
  walk('walk-on', 'Go Along the Wire', 'Alt+ArrowRight', (process, selection) =>
    alongWire(process, selection, 'from', 'to'),
  ),
  walk('walk-back', 'Go Back Along the Wire', 'Alt+ArrowLeft', (process, selection) =>
    alongWire(process, selection, 'to', 'from'),
  ),
  walk('walk-down', 'Go to the Next One', 'Alt+ArrowDown', (process, selection) => toSibling(process, selection, 1)),
  walk('walk-up', 'Go to the One Before', 'Alt+ArrowUp', (process, selection) => toSibling(process, selection, -1)),
];

function walk(id: string, title: string, shortcut: string, step: Step): Command {
  return {
    id,
    title,
    group: 'View',
    shortcuts: [shortcut],
    canRun: hasProcess,
    run: ({ store }) => {
      const { selection, select, canvas } = store.getState();
      const process = activeProcessOf(store.getState());
      const next = process === undefined ? undefined : step(process, selection);
      if (next === undefined) return;
      select(next);
      const activity = next.activities[0];
      if (activity !== undefined) canvas?.reveal(activity);
    },
  };
}

function alongWire(
  process: Process,
  selection: Selection,
  near: 'from' | 'to',
  far: 'from' | 'to',
): Selection | undefined {
  const wire = process.transitions.find((one) => one.id === selection.transitions[0]);
  if (wire !== undefined) return { ...emptySelection, activities: [wire[far]] };
  const activity = selection.activities[0] ?? inReadingOrder(process)[0];
  if (activity === undefined) return undefined;
  if (selection.activities.length === 0) return { ...emptySelection, activities: [activity] };
  const next = process.transitions.find((one) => one[near] === activity);
  return next === undefined ? undefined : { ...emptySelection, transitions: [next.id] };
}

/** Wires have the other wires of their activity as siblings, activities all others. */
function toSibling(process: Process, selection: Selection, by: number): Selection | undefined {
  const wire = process.transitions.find((one) => one.id === selection.transitions[0]);
  if (wire !== undefined) {
    const siblings = process.transitions.filter((one) => one.from === wire.from);
    const next = siblings.at((siblings.indexOf(wire) + by) % siblings.length);
    return next === undefined ? undefined : { ...emptySelection, transitions: [next.id] };
  }
  const all = inReadingOrder(process);
  const at = all.indexOf(selection.activities[0] ?? '');
  const next = all.at((at + by) % Math.max(1, all.length));
  return next === undefined ? undefined : { ...emptySelection, activities: [next] };
}

/** From left to right, and from above to below. */
function inReadingOrder(process: Process): readonly string[] {
  const { place, isHidden } = scopeBoxes(process);
  const shown = Object.keys(process.activities).filter((id) => !isHidden(id));
  const places = new Map(shown.map((id) => [id, place(id)] as const));
  const at = (id: string) => places.get(id)!;
  return shown.sort((a, b) => at(a).x - at(b).x || at(a).y - at(b).y);
}
