import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { messageOf } from '../../engine/base/errors.ts';
import { desktop } from '../bridge/desktop.ts';
import { saveProject } from '../commands/save.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import type { StudioAnswer } from '../store/client.ts';
import { errorCodeOf } from '../store/client.ts';
import { isDirty } from '../store/document-slice.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** What the dialog was asked for: a project that exists, or a new one. */
export type OpenPurpose = 'open' | 'new';

interface Destination {
  readonly folder: string;
  readonly purpose: OpenPurpose;
}

/** Asks for the folder of a project, or of a new one. Changes that are not saved are asked about before they would go. */
export function OpenProjectDialog({
  purpose,
  onClose,
}: {
  readonly purpose: OpenPurpose;
  readonly onClose: () => void;
}) {
  const store = useStudioStore();
  const [path, setPath] = useState('');
  const [failure, setFailure] = useState<{ readonly text: string; readonly isEmptyFolder: boolean }>();
  const [isBusy, setBusy] = useState(false);
  const [kept, setKept] = useState<Destination>();
  const go = async ({ folder, purpose: how }: Destination) => {
    setBusy(true);
    setKept(undefined);
    const { client } = store.getState();
    try {
      const name = folder.split(/[\\/]/).findLast(Boolean) ?? 'project';
      const snapshot =
        how === 'new'
          ? await client.call('project.create', { path: folder, name })
          : await client.call('project.open', { path: folder });
      openSnapshot(store, snapshot);
      onClose();
    } catch (thrown) {
      setFailure({ text: messageOf(thrown), isEmptyFolder: errorCodeOf(thrown) === 'PROJECT_NOT_FOUND' });
    } finally {
      setBusy(false);
    }
  };
  const leave = (folder: string, how: OpenPurpose) => {
    const destination = { folder: folder.trim(), purpose: how };
    if (destination.folder === '') return;
    if (isDirty(store.getState())) setKept(destination);
    else void go(destination);
  };
  if (kept !== undefined) return <UnsavedQuestion onGo={() => void go(kept)} onCancel={() => setKept(undefined)} />;
  const isReady = path.trim() !== '' && !isBusy;
  return (
    <Dialog title={purpose === 'new' ? 'New project' : 'Open project'} onClose={onClose} width={560}>
      <form
        className="dialog-form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          leave(path, purpose);
        }}
      >
        <Field
          name="project-path"
          label="Folder"
          help={
            purpose === 'new'
              ? 'An empty folder; it is made when it is not there.'
              : 'The folder that holds millrace.json.'
          }
          errors={failure === undefined ? [] : [failure.text]}
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoFocus
              value={path}
              placeholder="/home/me/projects/orders"
              onChange={(event) => setPath(event.target.value)}
            />
          )}
        </Field>
        <div className="dialog-form-actions">
          <BrowseButton title={purpose === 'new' ? 'New project' : 'Open project'} onChosen={setPath} />
          {purpose === 'open' && failure?.isEmptyFolder === true ? (
            <Button disabled={!isReady} onClick={() => leave(path, 'new')}>
              Create a project there
            </Button>
          ) : null}
          <Button look="primary" type="submit" disabled={!isReady}>
            {isBusy ? 'Opening…' : purpose === 'new' ? 'Create' : 'Open'}
          </Button>
        </div>
      </form>
      {purpose === 'open' ? <RecentProjects onOpen={(folder) => leave(folder, 'open')} /> : null}
    </Dialog>
  );
}

/** Save, leave without saving, or stay: nothing that was made is lost by one click. */
function UnsavedQuestion({ onGo, onCancel }: { readonly onGo: () => void; readonly onCancel: () => void }) {
  const store = useStudioStore();
  const name = useStudio((state) => state.project?.name ?? 'this project');
  const saveAndGo = async () => {
    await saveProject(store, false);
    if (isDirty(store.getState())) onCancel();
    else onGo();
  };
  return (
    <Dialog
      title={`Save the changes to ${name}?`}
      onClose={onCancel}
      actions={
        <>
          <Button onClick={onCancel}>Cancel</Button>
          <Button look="danger" onClick={onGo}>
            Don’t save
          </Button>
          <Button look="primary" onClick={() => void saveAndGo()}>
            Save
          </Button>
        </>
      }
    >
      <p>Another project takes its place in this window. Without saving, its changes are lost.</p>
    </Dialog>
  );
}

function RecentProjects({ onOpen }: { readonly onOpen: (path: string) => void }) {
  const recent = useRecentProjects();
  if (recent.length === 0) return null;
  return (
    <section className="recent-projects">
      <h3>Recent</h3>
      {recent.map((project) => (
        <button key={project.path} type="button" className="recent-project" onClick={() => onOpen(project.path)}>
          <b>{project.name}</b>
          <span>{project.path}</span>
        </button>
      ))}
    </section>
  );
}

function useRecentProjects(): StudioAnswer<'project.recent'> {
  const client = useStudio((state) => state.client);
  const [recent, setRecent] = useState<StudioAnswer<'project.recent'>>([]);
  useEffect(() => {
    // Without the list the dialog still does its work.
    client.call('project.recent', {}).then(setRecent, () => undefined);
  }, [client]);
  return recent;
}

/** The system's own folder dialog, which only the desktop shell can show. */
function BrowseButton({ title, onChosen }: { readonly title: string; readonly onChosen: (path: string) => void }) {
  const shell = desktop();
  if (!shell) return null;
  const choose = async () => {
    const path = await shell.chooseFolder(title);
    if (path !== null) onChosen(path);
  };
  return <Button onClick={() => void choose()}>Browse…</Button>;
}
