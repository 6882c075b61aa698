import { messageOf } from '../../engine/base/errors.ts';
import type { ActivityId, Position, Process } from '../../engine/model/document.ts';
import { childrenOf } from '../../engine/model/scopes.ts';
import type { Clipping } from '../edits/clipping.ts';
import { paste as pasteEdit, pasteIds, readClipping, rootsOf } from '../edits/clipping.ts';
import { gridSize, nodeHeight, nodeWidth, rowHeight, scopeInset } from '../edits/geometry.ts';
import type { Palette } from '../edits/palette.ts';
import { collide, scopeBoxes } from '../edits/scope-boxes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** Adds what is on the clipboard. With Ctrl+V the browser hands the text over itself; this way it may ask first. */
export const paste: Command = {
  id: 'paste',
  title: 'Paste',
  group: 'Edit',
  canRun: hasProcess,
  run: async ({ store, clipboard }) => {
    try {
      pasteText(store, await clipboard.read(), 'Paste');
    } catch (thrown) {
      store.getState().notify({
        tone: 'warning',
        text: `The clipboard could not be read (${messageOf(thrown)}). Press Ctrl+V instead.`,
      });
    }
  },
};

/** Adds a clipping given as text and marks the copies. */
export function pasteText(store: StudioStore, text: string, label: string): void {
  const { edit, select, notify, canvas, palette } = store.getState();
  const process = activeProcessOf(store.getState());
  const clipping = readClipping(text);
  if (process === undefined) return;
  if (clipping === undefined) {
    notify({ tone: 'info', text: 'There are no activities on the clipboard. Mark some and press Ctrl+C.' });
    return;
  }
  const ids = pasteIds(process, clipping);
  const isSameCanvas = clipping.activities.some(({ id }) => id in process.activities);
  const scope = scopeFor(store, process, clipping);
  const isEmpty = childrenOf(process, scope).length === 0;
  const into = scope === undefined ? canvas?.centre() : intoScope;
  const isBeside = isSameCanvas && rootsOf(clipping).some(({ parent }) => parent === scope);
  const offset =
    isBeside || (scope !== undefined && !isEmpty)
      ? freeOffset(process, scope, clipping, palette)
      : offsetTo(clipping, into);
  edit(label, pasteEdit(process.id, clipping, { ids, offset, scope }));
  const roots = rootsOf(clipping).flatMap(({ id }) => ids.get(id) ?? []);
  select({ activities: roots });
  if (roots[0] !== undefined) canvas?.reveal(roots[0]);
}

/** The middle of the first activity in a scope. */
const intoScope = { x: scopeInset.left + nodeWidth / 2, y: scopeInset.top + nodeHeight / 2 };

/** The marked scope; else the one in which the originals stand together. What holds a starter goes to the top. */
function scopeFor(store: StudioStore, process: Process, clipping: Clipping): ActivityId | undefined {
  const { palette, selection } = store.getState();
  const kindOf = (type: string | undefined) => palette.get(type ?? '')?.kind;
  const roots = rootsOf(clipping);
  if (roots.some(({ type }) => kindOf(type) === 'starter')) return undefined;
  const marked = selection.activities.length === 1 ? selection.activities[0]! : '';
  const isOriginal = clipping.activities.some(({ id }) => id === marked);
  if (!isOriginal && kindOf(process.activities[marked]?.type) === 'scope') return marked;
  const [parent, ...others] = new Set(roots.map((root) => root.parent));
  return parent !== undefined && others.length === 0 && parent in process.activities ? parent : undefined;
}

/** Straight below the originals, as near as nothing there is covered: a copy that lies over its original hides it. */
function freeOffset(process: Process, scope: ActivityId | undefined, clipping: Clipping, palette: Palette): Position {
  const there = scopeBoxes(process, palette);
  const others = childrenOf(process, scope).map(({ id }) => ({
    ...(process.layout.positions[id] ?? { x: 0, y: 0 }),
    ...there.size(id),
  }));
  const activities = Object.fromEntries(clipping.activities.map((activity) => [activity.id, activity]));
  const own = scopeBoxes({ ...process, activities, layout: { positions: clipping.positions } }, palette);
  const copies = rootsOf(clipping).map(({ id }) => ({
    ...(clipping.positions[id] ?? { x: 0, y: 0 }),
    ...own.size(id),
  }));
  const covers = (by: number) =>
    copies.some((copy) => others.some((other) => collide({ ...copy, y: copy.y + by }, other)));
  let by = rowHeight;
  while (covers(by)) by += gridSize;
  return { x: 0, y: by };
}

function offsetTo(clipping: Clipping, centre: { x: number; y: number } = { x: 0, y: 0 }) {
  const places = rootPlaces(clipping);
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  return { x: Math.round(centre.x - left - nodeWidth / 2), y: Math.round(centre.y - top - nodeHeight / 2) };
}

function rootPlaces(clipping: Clipping): readonly Position[] {
  return rootsOf(clipping).map(({ id }) => clipping.positions[id] ?? { x: 0, y: 0 });
}
