import { setDisabled } from '../edits/change-activity.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';

/** Switches the marked activities off, or on again when all of them are off. */
export const toggleDisabled: Command = {
  id: 'toggle-disabled',
  title: 'Disable or Enable',
  group: 'Edit',
  shortcuts: ['D'],
  canRun: hasActivities,
  run: ({ store }) => {
    const { selection, edit } = store.getState();
    const process = activeProcessOf(store.getState());
    if (process === undefined) return;
    const areAllOff = selection.activities.every((id) => process.activities[id]?.disabled === true);
    edit(areAllOff ? 'Enable' : 'Disable', setDisabled(process.id, selection.activities, !areAllOff));
  },
};
