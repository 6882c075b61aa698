import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** Marks everything on the canvas. */
export const selectAll: Command = {
  id: 'select-all',
  title: 'Select All',
  group: 'Edit',
  shortcuts: ['Ctrl+A'],
  canRun: hasProcess,
  run: ({ store }) => {
    const process = activeProcessOf(store.getState());
    if (process === undefined) return;
    store.getState().select({
      activities: Object.keys(process.activities),
      transitions: process.transitions.map((wire) => wire.id),
    });
  },
};
