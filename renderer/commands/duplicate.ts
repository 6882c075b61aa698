import type { Command } from './command.ts';
import { hasActivities } from './command.ts';
import { selectionText } from './copy.ts';
import { pasteText } from './paste.ts';

/** Copies the marked activities beside themselves; the clipboard keeps what it has. */
export const duplicate: Command = {
  id: 'duplicate',
  title: 'Duplicate',
  group: 'Edit',
  shortcuts: ['Ctrl+D'],
  canRun: hasActivities,
  run: ({ store }) => pasteText(store, selectionText(store.getState()), 'Duplicate'),
};
