import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../test/kit/designer/fake-studio.ts';
import { openSample } from '../../test/kit/designer/render.tsx';
import { saveProject } from '../commands/save.ts';
import { followStudio } from './follow-studio.ts';
import { openSnapshot } from './open-snapshot.ts';
import type { StudioStore } from './studio-store.ts';

const path = 'processes/triage-quakes.process.json';
const broken = () => ({
  ...sampleSnapshot(),
  files: { ...sampleSnapshot().files, [path]: '{ <<<<<<< HEAD' },
  revision: 'r-broken',
});
const theirs = () => ({
  ...sampleSnapshot(),
  files: {
    ...sampleSnapshot().files,
    'millrace.json': sampleSnapshot().files['millrace.json']!.replace('1.0.0', '2.0.0'),
  },
  revision: 'r-theirs',
});
const elsewhere = () => ({ ...sampleSnapshot(), path: '/projects/other', revision: 'o1' });

const rename = (store: StudioStore) =>
  store.getState().edit('Rename', (project) => ({ ...project, name: `${project.name} and more` }));
const notices = (store: StudioStore) => store.getState().notices.map(({ text }) => text);

function follow() {
  const { store, studio } = openSample();
  followStudio(store);
  const onDisk = (snapshot: unknown) => studio.emit('project.changedOnDisk', snapshot);
  return { store, studio, onDisk };
}

describe('a project on disk', () => {
  it.each([false, true])(
    'that cannot be read for a while takes nothing from the window (changes not saved: %s)',
    (isDirty) => {
      const { store, onDisk } = follow();
      if (isDirty) rename(store);
      const before = store.getState();
      onDisk(broken());
      expect(store.getState()).toMatchObject({ project: before.project, history: before.history, unreadable: null });
      expect(notices(store)).toEqual([expect.stringContaining(`${path}:1`)]);
      // Put back as it was: nothing is left to tell.
      onDisk(sampleSnapshot());
      expect(store.getState().project).toBe(before.project);
      expect(notices(store)).toEqual([]);
    },
  );

  it('that cannot be read when it is opened is shown as soon as it can be', () => {
    const { store, onDisk } = follow();
    openSnapshot(store, { ...broken(), path: '/projects/other' });
    expect(store.getState()).toMatchObject({ project: null, projectPath: '/projects/other' });
    onDisk(elsewhere());
    expect(store.getState()).toMatchObject({ unreadable: null, projectPath: '/projects/other', revision: 'o1' });
    expect(store.getState().project).not.toBeNull();
  });

  it('tells of the files of the project that is open, not of the one before', () => {
    const { store, onDisk } = follow();
    rename(store);
    onDisk(theirs());
    expect(notices(store)).toEqual([expect.stringContaining('changed on disk while')]);
    openSnapshot(store, elsewhere());
    expect(notices(store)).toEqual([]);
    expect(store.getState().revision).toBe('o1');
  });

  it('keeps an answer that comes late apart from the project that took the window', async () => {
    const { store, studio } = follow();
    rename(store);
    let answer: (saved: { revision: string }) => void = () => {};
    studio.handle('project.save', () => new Promise((resolve) => (answer = resolve)));
    const saving = saveProject(store, false);
    await Promise.resolve();
    openSnapshot(store, elsewhere());
    answer({ revision: 'r9' });
    await saving;
    expect(store.getState()).toMatchObject({ revision: 'o1', savedVersion: 0, isSaving: false });
  });
});
