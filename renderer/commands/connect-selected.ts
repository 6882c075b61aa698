import { whyNotConnect } from '../edits/can-connect.ts';
import { connect } from '../edits/connect.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import { activeProcessOf } from '../store/selectors.ts';
import type { Command } from './command.ts';
import { hasActivities } from './command.ts';

/** Wires the marked activities one after the other, from left to right. Pairs that cannot be connected are passed over. */
export const connectSelected: Command = {
  id: 'connect-selected',
  title: 'Connect Selected',
  group: 'Edit',
  shortcuts: ['C'],
  canRun: (state) => hasActivities(state) && state.selection.activities.length > 1,
  run: ({ store }) => {
    const { selection, edit, palette } = store.getState();
    const process = activeProcessOf(store.getState());
    if (process === undefined) return;
    const { place } = scopeBoxes(process);
    const xOf = (id: string) => place(id).x;
    const ordered = selection.activities.toSorted((a, b) => xOf(a) - xOf(b));
    edit('Connect', (project) => {
      let current = project;
      for (const [index, to] of ordered.entries()) {
        const from = ordered[index - 1];
        const owner = current.processes[process.id];
        if (from === undefined || owner === undefined) continue;
        const wire = { from, to, kind: 'success' } as const;
        if (whyNotConnect(owner, palette, wire) === undefined) current = connect(process.id, wire)(current);
      }
      return current;
    });
  },
};
