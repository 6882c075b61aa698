import type { FormEvent } from 'react';
import { useState } from 'react';
import { renameActivity } from '../edits/change-activity.ts';
import type { Edit } from '../edits/edit.ts';
import { renameProcess } from '../edits/processes.ts';
import { renameResource } from '../edits/resources.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import type { RenameTarget } from '../store/session-slice.ts';
import type { StudioState } from '../store/studio-store.ts';
import { useStudio } from '../store/use-studio.ts';

const titles = { activity: 'Rename activity', process: 'Rename process', resource: 'Rename resource' } as const;

/** Asks for another name. */
export function RenameDialog({ of, onClose }: { readonly of: RenameTarget; readonly onClose: () => void }) {
  const current = useStudio((state) => nameOf(state, of));
  const edit = useStudio((state) => state.edit);
  const [name, setName] = useState(current);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onClose();
    edit('Rename', renameEdit(of, name));
  };
  return (
    <Dialog title={titles[of.kind]} onClose={onClose} width={380}>
      <form onSubmit={submit} className="dialog-form">
        <Field name="rename" label="Name">
          {(ids) => (
            <input
              {...ids}
              className="input"
              autoFocus
              value={name}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="dialog-form-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={name.trim() === ''}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function nameOf({ project }: StudioState, of: RenameTarget): string {
  if (of.kind === 'activity') return project?.processes[of.process]?.activities[of.id]?.name ?? '';
  return (of.kind === 'process' ? project?.processes[of.id]?.name : project?.resources[of.id]?.name) ?? '';
}

function renameEdit(of: RenameTarget, name: string): Edit {
  if (of.kind === 'activity') return renameActivity(of.process, of.id, name);
  return of.kind === 'process' ? renameProcess(of.id, name) : renameResource(of.id, name);
}
