import { expect, it } from 'vitest';
import { openSample } from '../../test/kit/designer/render.tsx';
import { removeProcess } from '../edits/processes.ts';
import { emptySelection } from './session-slice.ts';

it('never shows a process that is gone: an edit, its undo and what is marked are one change of the state each', () => {
  const { store } = openSample();
  store.getState().openProcess('triage-quakes', { activities: ['map'] });
  const shown: boolean[] = [];
  store.subscribe(({ activeProcess, project }) =>
    shown.push(activeProcess !== null && activeProcess in project!.processes),
  );

  store.getState().edit('Delete process', removeProcess('triage-quakes'));
  expect(store.getState()).toMatchObject({ activeProcess: 'replay-feed', selection: emptySelection });
  store.getState().undo();
  store.getState().redo();
  expect(shown).toEqual([true, true, true]);
});

it('marks nothing in another process that happens to have the same names', () => {
  const { store } = openSample();
  const { project } = store.getState();
  const twin = { ...project!.processes['triage-quakes']!, id: 'a-twin' };
  store.getState().edit('Add', (before) => ({ ...before, processes: { 'a-twin': twin, ...before.processes } }));
  store.getState().openProcess('triage-quakes', { activities: ['map'] });
  store.getState().edit('Delete process', removeProcess('triage-quakes'));
  expect(store.getState()).toMatchObject({ activeProcess: 'a-twin', selection: emptySelection });
});
