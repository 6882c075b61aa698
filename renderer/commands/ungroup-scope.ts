import { childrenOf } from '../../engine/model/scopes.ts';
import { ungroup } from '../edits/scopes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasScope, markedScope } from './toggle-scope.ts';

/** Takes the marked Scope away and leaves what is in it. */
export const ungroupScope: Command = {
  id: 'ungroup-scope',
  title: 'Ungroup Scope',
  group: 'Edit',
  shortcuts: ['Ctrl+Shift+G'],
  canRun: hasScope,
  run: ({ store }) => {
    const { palette, edit, select } = store.getState();
    const process = activeProcessOf(store.getState());
    const scope = markedScope(store.getState());
    if (process === undefined || scope === undefined) return;
    const inside = childrenOf(process, scope).map(({ id }) => id);
    edit('Ungroup scope', ungroup(process.id, scope, palette));
    const left = activeProcessOf(store.getState())?.activities ?? {};
    select({ activities: inside.filter((id) => id in left) });
  },
};
