import { remove } from '../edits/remove.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';
import { selectionText } from './copy.ts';

/** Moves the marked activities to the clipboard. */
export const cut: Command = {
  id: 'cut',
  title: 'Cut',
  group: 'Edit',
  shortcuts: ['Ctrl+X'],
  canRun: hasActivities,
  run: async ({ store, clipboard }) => {
    const { selection, edit, select } = store.getState();
    const process = activeProcessOf(store.getState());
    if (process === undefined) return;
    await clipboard.write(selectionText(store.getState()));
    edit('Cut', remove(process.id, selection));
    select({});
  },
};
