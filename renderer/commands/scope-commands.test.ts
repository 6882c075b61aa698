import { describe, expect, it } from 'vitest';
import type { Process } from '../../engine/model/document.ts';
import { noFiles } from '../../test/kit/designer/no-files.ts';
import { openSample } from '../../test/kit/designer/render.tsx';
import { scopedProcess, scopedProject } from '../../test/kit/designer/scoped-project.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';
import type { StudioStore } from '../store/studio-store.ts';
import { commands } from './commands.ts';
import { insertActivity } from './insert-activity.ts';

function openScoped(...marked: string[]): StudioStore {
  const { store } = openSample();
  store.getState().openProject(scopedProject, '/scoped', 'r1');
  store.setState({ activeProcess: scopedProcess });
  store.getState().select({ activities: marked });
  return store;
}

const processOf = (store: StudioStore): Process => store.getState().project!.processes[scopedProcess]!;
const parentOf = (store: StudioStore, id: string) => processOf(store).activities[id]?.parent;

let kept = '';
const clipboard = {
  write: async (text: string) => {
    kept = text;
  },
  read: async () => kept,
};

async function run(store: StudioStore, id: string): Promise<void> {
  const command = commands.find((one) => one.id === id)!;
  expect(command.canRun(store.getState()), id).toBe(true);
  await command.run({ store, clipboard, files: noFiles });
}

describe('scopes by commands', () => {
  it.each(['group-into-scope', 'ungroup-scope', 'toggle-scope', 'duplicate', 'delete', 'nudge-down', 'tidy', 'cut'])(
    '%s: do, undo and redo give identical documents',
    async (id) => {
      const store = openScoped('order');
      const before = JSON.stringify(store.getState().project);
      await run(store, id);
      const after = JSON.stringify(store.getState().project);
      expect(after).not.toBe(before);
      await run(store, 'undo');
      expect(JSON.stringify(store.getState().project)).toBe(before);
      await run(store, 'redo');
      expect(JSON.stringify(store.getState().project)).toBe(after);
    },
  );

  it('what is cut outside is pasted into the scope that is marked, and a copy of what is inside stays inside', async () => {
    const store = openScoped('last');
    await run(store, 'cut');
    store.getState().select({ activities: ['order'] });
    await run(store, 'paste');
    expect([parentOf(store, 'last'), store.getState().selection.activities]).toEqual(['order', ['last']]);
    store.getState().select({ activities: ['check'] });
    await run(store, 'duplicate');
    expect(parentOf(store, 'check2')).toBe('order');
  });

  it('what would lead in a circle is not grouped, and what stands between is named', async () => {
    const store = openScoped('order');
    await run(store, 'ungroup-scope');
    const before = store.getState().project;
    store.getState().select({ activities: ['check', 'last'] });
    await run(store, 'group-into-scope');
    expect(store.getState().project).toBe(before);
    expect(store.getState().notices.at(-1)?.text).toBe('store stands between what is marked: mark it too.');
    store.getState().select({ activities: ['check', 'store', 'last'] });
    await run(store, 'group-into-scope');
    expect(parentOf(store, 'store')).toBe('scope');
  });

  it('a scope moves as one, also when something in it is marked too', async () => {
    const store = openScoped('order', 'check');
    const before = scopeBoxes(processOf(store)).place('check');
    await run(store, 'nudge-down');
    const now = scopeBoxes(processOf(store)).place('check');
    expect([now.x - before.x, now.y - before.y]).toEqual([0, 8]);
  });

  it('a closed scope is marked in the place of what was marked in it, and walking passes over what it hides', async () => {
    const store = openScoped('order');
    await run(store, 'toggle-scope');
    expect(processOf(store).layout.collapsed).toEqual(['order']);
    await run(store, 'walk-down');
    expect(store.getState().selection.activities).toEqual(['last']);
  });

  it('a new activity goes into the scope of the one before it, or of the place where it is put, a starter never', () => {
    const store = openScoped();
    insertActivity(store, { type: 'general.log', after: 'fix' });
    expect(parentOf(store, 'log')).toBe('order');
    expect(processOf(store).transitions.some(({ from, to }) => from === 'fix' && to === 'log')).toBe(true);
    const { place } = scopeBoxes(processOf(store));
    insertActivity(store, { type: 'general.mapper', position: place('check') });
    insertActivity(store, { type: 'general.timer', position: place('check') });
    insertActivity(store, { type: 'general.log', into: 'check-store', position: place('check') });
    expect(['map', 'timer2', 'log2'].map((id) => parentOf(store, id))).toEqual(['order', undefined, 'order']);
  });
});
