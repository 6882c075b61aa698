import { remove } from '../edits/remove.ts';
import type { Command } from './command.ts';
import { hasSelection } from './command.ts';

/** Removes what is marked. */
export const deleteSelection: Command = {
  id: 'delete',
  title: 'Delete',
  group: 'Edit',
  shortcuts: ['Delete', 'Backspace'],
  glyph: 'trash',
  canRun: hasSelection,
  run: ({ store }) => {
    const { activeProcess, selection, edit, select } = store.getState();
    if (activeProcess === null) return;
    edit(labelFor(selection.activities.length, selection.transitions.length), remove(activeProcess, selection));
    select({});
  },
};

function labelFor(activities: number, transitions: number): string {
  if (activities === 0) return transitions === 1 ? 'Delete wire' : `Delete ${transitions} wires`;
  return activities === 1 ? 'Delete activity' : `Delete ${activities} activities`;
}
