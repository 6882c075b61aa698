import { describe, expect, it } from 'vitest';
import { writeProject } from '../../engine/model/project-files.ts';
import { catalog } from '../../palette/catalog.ts';
import { createFakeStudio, sampleSnapshot } from '../../test/kit/designer/fake-studio.ts';
import { noFiles } from '../../test/kit/designer/no-files.ts';
import { sampleProject } from '../../test/kit/designer/sample-project.ts';
import { renameActivity } from '../edits/change-activity.ts';
import { addProcess } from '../edits/processes.ts';
import { remove } from '../edits/remove.ts';
import { isDirty } from './document-slice.ts';
import { currentVersion, historyEntriesMax } from './history.ts';
import { openSnapshot } from './open-snapshot.ts';
import { createStudioStore } from './studio-store.ts';

function openStore() {
  const store = createStudioStore({ client: createFakeStudio().client, palette: catalog, files: noFiles });
  openSnapshot(store, sampleSnapshot());
  return store;
}

const rename = (name: string) => renameActivity('triage-quakes', 'send', name);

describe('the document slice', () => {
  it('opens a snapshot as the very document that was written', () => {
    expect(openStore().getState().project).toEqual(sampleProject);
  });

  it('is clean after opening, dirty after an edit, clean again after undoing it', () => {
    const store = openStore();
    expect(isDirty(store.getState())).toBe(false);
    store.getState().edit('Rename', rename('Publish'));
    expect(isDirty(store.getState())).toBe(true);
    store.getState().undo();
    expect(isDirty(store.getState())).toBe(false);
    expect(store.getState().project).toEqual(sampleProject);
  });

  it('stays dirty when a saved step is undone', () => {
    const store = openStore();
    store.getState().edit('Rename', rename('Publish'));
    store.getState().markSaved(currentVersion(store.getState().history), 'r2');
    expect(isDirty(store.getState())).toBe(false);
    store.getState().undo();
    expect(isDirty(store.getState())).toBe(true);
    store.getState().redo();
    expect(isDirty(store.getState())).toBe(false);
  });

  it('makes one step of edits with the same key, until the run is ended', () => {
    const store = openStore();
    for (const name of ['P', 'Pu', 'Pub']) store.getState().edit('Rename', rename(name), 'typing');
    expect(store.getState().history.past).toHaveLength(1);
    store.getState().endSquash();
    store.getState().edit('Rename', rename('Publish'), 'typing');
    expect(store.getState().history.past).toHaveLength(2);
    store.getState().undo();
    store.getState().undo();
    expect(store.getState().project).toEqual(sampleProject);
  });

  it('takes no step for an edit that changes nothing', () => {
    const store = openStore();
    expect(store.getState().edit('Rename', rename('Send alert'))).toBe(false);
    expect(store.getState().history.past).toHaveLength(0);
  });

  it('forgets what was undone when something else is done', () => {
    const store = openStore();
    store.getState().edit('Rename', rename('One'));
    store.getState().undo();
    store.getState().edit('Rename', rename('Two'));
    expect(store.getState().history.future).toHaveLength(0);
  });

  it('forgets the oldest steps above its bound', () => {
    const store = openStore();
    for (let index = 0; index < historyEntriesMax + 5; index += 1)
      store.getState().edit('Rename', rename(`Name ${index}`));
    expect(store.getState().history.past).toHaveLength(historyEntriesMax);
    expect(isDirty(store.getState())).toBe(true);
  });

  it('lets go of what an undo takes away', () => {
    const store = openStore();
    store.getState().edit('New process', addProcess('new', 'New'));
    store.getState().openProcess('new');
    store.getState().undo();
    expect(store.getState().activeProcess).toBe('replay-feed');
    store.getState().openProcess('triage-quakes', { activities: ['log'], transitions: ['map-log'] });
    store.getState().edit('Delete', remove('triage-quakes', { activities: ['log'], transitions: [] }));
    store.getState().undo();
    store.getState().redo();
    expect(store.getState().selection).toEqual({ activities: [], transitions: [] });
  });

  it('takes what stands on disk as a step that undo takes back', () => {
    const store = openStore();
    store.getState().edit('Rename', rename('Mine'));
    const mine = store.getState().project;
    const theirs = rename('Theirs')(sampleProject);
    openSnapshot(store, { ...sampleSnapshot(), files: Object.fromEntries(writeProject(theirs)), revision: 'r2' });
    expect(store.getState().project).toEqual(theirs);
    expect(isDirty(store.getState())).toBe(false);
    store.getState().undo();
    expect(store.getState().project).toEqual(mine);
    expect(isDirty(store.getState())).toBe(true);
  });

  it('says which files cannot be read', () => {
    const store = openStore();
    openSnapshot(store, { path: '/p', files: { 'millrace.json': '{' }, revision: 'x' });
    expect(store.getState().project).toBeNull();
    expect(store.getState().unreadable?.problems[0]?.file).toBe('millrace.json');
  });
});
