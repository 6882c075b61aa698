import type { Command } from './command.ts';

/** Makes the step again that was undone last. */
export const redo: Command = {
  id: 'redo',
  title: 'Redo',
  group: 'Edit',
  shortcuts: ['Ctrl+Shift+Z', 'Ctrl+Y'],
  glyph: 'redo',
  canRun: (state) => state.history.future.length > 0,
  run: ({ store }) => store.getState().redo(),
};
