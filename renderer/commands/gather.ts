import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** Marks several activities without a mouse: keeps what is marked while Tab walks on, then takes the focused one in or out. */
export const gather: Command = {
  id: 'gather',
  title: 'Add Focused Activity to Selection, or Remove It',
  group: 'Edit',
  shortcuts: ['Ctrl+Space', 'Shift+Space'],
  canRun: hasProcess,
  run: ({ store }) => {
    const { canvas, gather: take } = store.getState();
    const activity = canvas?.focused();
    if (activity !== undefined) take(activity);
  },
};
