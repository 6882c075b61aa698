import type { ActivityId } from '../../engine/model/document.ts';
import { setCollapsed } from '../edits/scopes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { StudioState, StudioStore } from '../store/studio-store.ts';
import type { Command } from './command.ts';
import { hasProcess } from './command.ts';

/** The scope that alone is marked. */
export function markedScope(state: StudioState): ActivityId | undefined {
  const [id, ...others] = state.selection.activities;
  const type = activeProcessOf(state)?.activities[id ?? '']?.type ?? '';
  return others.length === 0 && state.palette.get(type)?.kind === 'scope' ? id : undefined;
}

/** A scope is marked. */
export const hasScope = (state: StudioState): boolean => hasProcess(state) && markedScope(state) !== undefined;

/** Draws the marked Scope closed, as one node, or open with what is in it. */
export const toggleScope: Command = {
  id: 'toggle-scope',
  title: 'Collapse or Expand Scope',
  group: 'View',
  shortcuts: ['Alt+G'],
  canRun: hasScope,
  run: ({ store }) => {
    const scope = markedScope(store.getState());
    if (scope !== undefined) toggle(store, scope);
  },
};

/** The same for any scope; what was marked in it gives way to the scope. */
export function toggle(store: StudioStore, scope: ActivityId): void {
  const { edit, select } = store.getState();
  const process = activeProcessOf(store.getState());
  if (process === undefined) return;
  const isCollapsed = process.layout.collapsed?.includes(scope) === true;
  edit(isCollapsed ? 'Expand scope' : 'Collapse scope', setCollapsed(process.id, scope, !isCollapsed));
  select({ activities: [scope] });
}
