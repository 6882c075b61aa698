import type { FormEvent } from 'react';
import { useEffect, useState } from 'react';
import { messageOf } from '../../engine/base/errors.ts';
import { desktop } from '../bridge/desktop.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import type { StudioAnswer } from '../store/client.ts';
import { isDirty } from '../store/document-slice.ts';
import { openSnapshot } from '../store/open-snapshot.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** Asks for the folder of a project, or of a new one. */
export function OpenProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const store = useStudioStore();
  const dirty = useStudio(isDirty);
  const [path, setPath] = useState('');
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const open = async (folder: string, create: boolean) => {
    setBusy(true);
    const { client } = store.getState();
    try {
      const name = folder.split(/[\\/]/).findLast(Boolean) ?? 'project';
      const snapshot = create
        ? await client.call('project.create', { path: folder, name })
        : await client.call('project.open', { path: folder });
      openSnapshot(store, snapshot);
      onClose();
    } catch (thrown) {
      setFailure(messageOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() !== '') void open(path.trim(), false);
  };
  return (
    <Dialog title="Open project" onClose={onClose} width={560}>
      <form onSubmit={submit} className="dialog-form">
        {dirty ? (
          <p className="field-message is-warning">
            The project that is open has changes that are not saved; they will be lost.
          </p>
        ) : null}
        <Field
          name="project-path"
          label="Folder"
          help="The folder that holds millrace.json."
          errors={failure === undefined ? [] : [failure]}
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
          <BrowseButton onChosen={setPath} />
          <Button disabled={path.trim() === '' || isBusy} onClick={() => void open(path.trim(), true)}>
            Create new here
          </Button>
          <Button look="primary" type="submit" disabled={path.trim() === '' || isBusy}>
            {isBusy ? 'Opening…' : 'Open'}
          </Button>
        </div>
      </form>
      <RecentProjects onOpen={(folder) => void open(folder, false)} />
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
function BrowseButton({ onChosen }: { readonly onChosen: (path: string) => void }) {
  const shell = desktop();
  if (!shell) return null;
  const choose = async () => {
    const path = await shell.chooseFolder('Open project');
    if (path !== null) onChosen(path);
  };
  return <Button onClick={() => void choose()}>Browse…</Button>;
}
