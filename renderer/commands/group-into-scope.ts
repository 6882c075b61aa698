import { parentOf } from '../../engine/model/scopes.ts';
import { freeActivityId } from '../edits/free-id.ts';
import { groupInto } from '../edits/scopes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';

/** Puts a Scope around the marked activities; their mappings and those of the others are read as before. */
export const groupIntoScope: Command = {
  id: 'group-into-scope',
  title: 'Group into Scope',
  group: 'Edit',
  shortcuts: ['Ctrl+G'],
  canRun: hasActivities,
  run: ({ store }) => {
    const { selection, palette, edit, select } = store.getState();
    const process = activeProcessOf(store.getState());
    const declaration = [...palette.values()].find(({ kind }) => kind === 'scope');
    if (process === undefined || declaration === undefined) return;
    const [first, ...others] = selection.activities.filter(
      (id) => palette.get(process.activities[id]?.type ?? '')?.kind !== 'starter',
    );
    if (first === undefined) return;
    const scope = parentOf(process, first);
    const ids = [first, ...others.filter((id) => parentOf(process, id) === scope)];
    const id = freeActivityId(declaration.suggestedId, process.activities);
    const { type, title } = declaration;
    edit('Group into scope', groupInto(process.id, { id, name: title, type, config: {}, input: {} }, ids));
    select({ activities: [id] });
  },
};
