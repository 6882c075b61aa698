import type { Command } from './command.ts';

/** Unmarks everything. */
export const clearSelection: Command = {
  id: 'clear-selection',
  title: 'Clear Selection',
  group: 'Edit',
  shortcuts: ['Escape'],
  isHidden: true,
  canRun: (state) =>
    state.selection.activities.length + state.selection.transitions.length > 0 || state.selectedResource !== null,
  run: ({ store }) => store.getState().select({}),
};
