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

interface Failure {
  readonly text: string;
  /** The folder holds no project: one can be made there. */
  readonly isEmptyFolder: boolean;
}

/** Opens or creates a project; what went wrong is kept for the form. */
function useOpening(onOpened: () => void) {
  const store = useStudioStore();
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const go = async ({ folder, purpose }: Destination) => {
    setBusy(true);
    const { client } = store.getState();
    try {
      const name = folder.split(/[\\/]/).findLast(Boolean) ?? 'project';
      const asked = { path: folder };
      openSnapshot(
        store,
        purpose === 'new'
          ? await client.call('project.create', { ...asked, name })
          : await client.call('project.open', asked),
      );
      onOpened();
    } catch (thrown) {
      setFailure({ text: messageOf(thrown), isEmptyFolder: errorCodeOf(thrown) === 'PROJECT_NOT_FOUND' });
    } finally {
      setBusy(false);
    }
  };
  return { go, failure, isBusy };
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
  const [kept, setKept] = useState<Destination>();
  const { go, failure, isBusy } = useOpening(onClose);
  const leave = (folder: string, how: OpenPurpose) => {
    const destination = { folder: folder.trim(), purpose: how };
    if (destination.folder === '') return;
    if (isDirty(store.getState())) setKept(destination);
    else void go(destination);
  };
  if (kept !== undefined) {
    const goOn = () => {
      setKept(undefined);
      void go(kept);
    };
    return <UnsavedQuestion onGo={goOn} onCancel={() => setKept(undefined)} />;
  }
  return (
    <Dialog title={titles[purpose]} onClose={onClose} width={560}>
      <FolderForm purpose={purpose} failure={failure} isBusy={isBusy} onChosen={leave} />
      {purpose === 'open' ? <RecentProjects onOpen={(folder) => leave(folder, 'open')} /> : null}
    </Dialog>
  );
}

const titles: Readonly<Record<OpenPurpose, string>> = { open: 'Open project', new: 'New project' };
const helps: Readonly<Record<OpenPurpose, string>> = {
  open: 'The folder that holds millrace.json.',
  new: 'An empty folder; it is made when it is not there.',
};

interface FolderFormProps {
  readonly purpose: OpenPurpose;
  readonly failure: Failure | undefined;
  readonly isBusy: boolean;
  readonly onChosen: (folder: string, purpose: OpenPurpose) => void;
}

function FolderForm({ purpose, failure, isBusy, onChosen }: FolderFormProps) {
  const [path, setPath] = useState('');
  const isReady = path.trim() !== '' && !isBusy;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChosen(path, purpose);
  };
  return (
    <form className="dialog-form" onSubmit={submit}>
      <Field
        name="project-path"
        label="Folder"
        help={helps[purpose]}
        errors={failure === undefined ? [] : [failure.text]}
      >
        {(ids) => (
          <input
            {...ids}
            className="input"
            value={path}
            placeholder="/home/me/projects/orders"
            onChange={(event) => setPath(event.target.value)}
          />
        )}
      </Field>
      <div className="dialog-form-actions">
        <BrowseButton title={titles[purpose]} onChosen={setPath} />
        {purpose === 'open' && failure?.isEmptyFolder === true ? (
          <Button disabled={!isReady} onClick={() => onChosen(path, 'new')}>
            Create a project there
          </Button>
        ) : null}
        <Button look="primary" type="submit" disabled={!isReady}>
          {isBusy ? 'Opening…' : purpose === 'new' ? 'Create' : 'Open'}
        </Button>
      </div>
    </form>
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
