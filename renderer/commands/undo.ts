import type { Command } from './command.ts';

/** Takes the newest step back. */
export const undo: Command = {
  id: 'undo',
  title: 'Undo',
  group: 'Edit',
  shortcuts: ['Ctrl+Z'],
  glyph: 'undo',
  canRun: (state) => state.history.past.length > 0,
  run: ({ store }) => store.getState().undo(),
};
