import { messageOf } from '../../engine/base/errors.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import { errorCodeOf } from '../store/client.ts';
import { isDirty } from '../store/document-slice.ts';
import { currentVersion } from '../store/history.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { Command } from './command.ts';

/** Writes the project to its folder. */
export const save: Command = {
  id: 'save',
  title: 'Save',
  group: 'File',
  shortcuts: ['Ctrl+S'],
  glyph: 'save',
  worksInText: true,
  canRun: (state) => state.project !== null && !state.isSaving && isDirty(state),
  run: ({ store }) => saveProject(store, false),
};

/** Saves; `overwrite` replaces what others wrote to the folder meanwhile. */
export async function saveProject(store: StudioStore, overwrite: boolean): Promise<void> {
  const state = store.getState();
  const { project, projectPath, revision, client, history, setSaving, markSaved, notify, dismissNoticesAbout } = state;
  if (project === null || revision === null) return;
  const version = currentVersion(history);
  setSaving(true);
  try {
    const files = Object.fromEntries(writeProject(project));
    const saved = await client.call('project.save', { files, baseRevision: revision, overwrite });
    // Another project may have taken the window meanwhile: what was saved says nothing of it.
    if (store.getState().projectPath !== projectPath) return;
    markSaved(version, saved.revision);
    dismissNoticesAbout('disk');
    notify({ tone: 'success', about: 'save', text: 'Saved.' });
  } catch (thrown) {
    if (errorCodeOf(thrown) === 'PROJECT_CHANGED_ON_DISK') offerOverwrite(store);
    else
      notify({
        tone: 'danger',
        about: 'save',
        text: `The project was not saved: ${messageOf(thrown)}`,
        actions: [retry(store)],
      });
  } finally {
    setSaving(false);
  }
}

function retry(store: StudioStore) {
  return { label: 'Try again', run: () => void saveProject(store, false) };
}

function offerOverwrite(store: StudioStore): void {
  store.getState().notify({
    tone: 'warning',
    about: 'disk',
    text: 'The project’s files were changed by somebody else since this window read them. Nothing was written.',
    actions: [
      { label: 'Overwrite with mine', run: () => void saveProject(store, true) },
      { label: 'Take theirs', run: () => void reloadProject(store) },
    ],
  });
}

/** Opens the project anew from its folder; unsaved changes are lost. */
export async function reloadProject(store: StudioStore): Promise<void> {
  const { projectPath, client, notify } = store.getState();
  if (projectPath === null) return;
  try {
    openSnapshot(store, await client.call('project.open', { path: projectPath }));
  } catch (thrown) {
    notify({ tone: 'danger', text: `The project was not opened: ${messageOf(thrown)}` });
  }
}
