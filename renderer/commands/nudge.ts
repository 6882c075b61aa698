import { outermost } from '../../engine/model/scopes.ts';
import { moveActivities } from '../edits/move-activities.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';

/** px per key; with Shift the larger one. */
const smallStep = 8;
const largeStep = 48;

const directions = [
  ['left', 'ArrowLeft', -1, 0],
  ['right', 'ArrowRight', 1, 0],
  ['up', 'ArrowUp', 0, -1],
  ['down', 'ArrowDown', 0, 1],
] as const;

/** Move the marked activities by a step; a run of steps is one undo step. */
export const nudges: readonly Command[] = directions.flatMap(([name, key, x, y]) => [
  nudge(`nudge-${name}`, key, { x: x * smallStep, y: y * smallStep }),
  nudge(`nudge-${name}-far`, `Shift+${key}`, { x: x * largeStep, y: y * largeStep }),
]);

function nudge(id: string, key: string, by: { readonly x: number; readonly y: number }): Command {
  return {
    id,
    title: 'Move',
    group: 'Edit',
    shortcuts: [key],
    isHidden: true,
    canRun: hasActivities,
    run: ({ store }) => {
      const { selection, edit } = store.getState();
      const process = activeProcessOf(store.getState());
      if (process === undefined) return;
      const moved = outermost(process, selection.activities).map((activity) => {
        const { x, y } = process.layout.positions[activity] ?? { x: 0, y: 0 };
        return [activity, { x: x + by.x, y: y + by.y }] as const;
      });
      edit('Move', moveActivities(process.id, Object.fromEntries(moved)), `nudge:${selection.activities.join()}`);
    },
  };
}
