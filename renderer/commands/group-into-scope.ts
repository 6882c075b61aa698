import { findCycle } from '../../engine/model/graph.ts';
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
    const { selection, palette, edit, select, notify, project } = store.getState();
    const process = activeProcessOf(store.getState());
    const declaration = [...palette.values()].find(({ kind }) => kind === 'scope');
    if (project === null || process === undefined || declaration === undefined) return;
    const [first, ...others] = selection.activities.filter(
      (id) => palette.get(process.activities[id]?.type ?? '')?.kind !== 'starter',
    );
    if (first === undefined) return;
    const scope = parentOf(process, first);
    const ids = [first, ...others.filter((id) => parentOf(process, id) === scope)];
    const id = freeActivityId(declaration.suggestedId, process.activities);
    const { type, title } = declaration;
    const group = groupInto(process.id, { id, name: title, type, config: {}, input: {} }, ids);
    // What led from one of them to another by way of something else would lead out of the scope and into it again.
    const circle = findCycle(group(project).processes[process.id]!);
    const between = circle?.includes(id) ? circle.filter((other) => other !== id) : [];
    if (between.length > 0) {
      const names = between.map((other) => process.activities[other]?.name ?? other);
      const [stand, them] = names.length > 1 ? ['stand', 'them'] : ['stands', 'it'];
      notify({ tone: 'warning', text: `${names.join(', ')} ${stand} between what is marked: mark ${them} too.` });
      return;
    }
    edit('Group into scope', group);
    select({ activities: [id] });
  },
};
