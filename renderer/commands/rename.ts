import type { Command } from './command.ts';

/** Asks for another name of the marked activity or resource; of the process when nothing is marked. */
export const rename: Command = {
  id: 'rename',
  title: 'Rename…',
  group: 'Edit',
  shortcuts: ['F2'],
  glyph: 'edit',
  canRun: (state) => state.activeProcess !== null || state.selectedResource !== null,
  run: ({ store }) => {
    const { selectedResource, selection, activeProcess, show } = store.getState();
    const activity = selection.activities[0];
    if (selectedResource !== null)
      show({ overlay: { kind: 'rename', of: { kind: 'resource', id: selectedResource } } });
    else if (activeProcess !== null && activity !== undefined)
      show({ overlay: { kind: 'rename', of: { kind: 'activity', process: activeProcess, id: activity } } });
    else if (activeProcess !== null) show({ overlay: { kind: 'rename', of: { kind: 'process', id: activeProcess } } });
  },
};
