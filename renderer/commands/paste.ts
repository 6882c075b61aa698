import { messageOf } from '../../engine/base/errors.ts';
import type { Position } from '../../engine/model/document.ts';
import type { Clipping } from '../edits/clipping.ts';
import { paste as pasteEdit, pasteIds, readClipping } from '../edits/clipping.ts';
import { footprint, gridSize, rowHeight } from '../edits/geometry.ts';
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
  const { edit, select, notify, canvas } = store.getState();
  const process = activeProcessOf(store.getState());
  const clipping = readClipping(text);
  if (process === undefined) return;
  if (clipping === undefined) {
    notify({ tone: 'info', text: 'There are no activities on the clipboard. Mark some and press Ctrl+C.' });
    return;
  }
  const ids = pasteIds(process, clipping);
  const isSameCanvas = clipping.activities.some(({ id }) => id in process.activities);
  const offset = isSameCanvas ? freeOffset(process.layout.positions, clipping) : offsetTo(clipping, canvas?.centre());
  edit(label, pasteEdit(process.id, clipping, ids, offset));
  select({ activities: [...ids.values()] });
  const [first] = ids.values();
  if (first !== undefined) canvas?.reveal(first);
}

/** Straight below the originals, as near as nothing there is covered: a copy that lies over its original hides it. */
function freeOffset(positions: Readonly<Record<string, Position>>, clipping: Clipping): Position {
  const others = Object.values(positions);
  const copies = Object.values(clipping.positions);
  const covers = (by: number) =>
    copies.some(({ x, y }) =>
      others.some((other) => Math.abs(other.x - x) < footprint.width && Math.abs(other.y - y - by) < footprint.height),
    );
  let by = rowHeight;
  while (covers(by)) by += gridSize;
  return { x: 0, y: by };
}

function offsetTo(clipping: Clipping, centre: { x: number; y: number } = { x: 0, y: 0 }) {
  const places = Object.values(clipping.positions);
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  return { x: Math.round(centre.x - left - 104), y: Math.round(centre.y - top - 32) };
}
