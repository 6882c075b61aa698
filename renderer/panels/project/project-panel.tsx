import './project.css';
import type { CSSProperties, ReactNode } from 'react';
import { useState } from 'react';
import { hueOf, iconOf } from '../../canvas/activity-appearance.ts';
import { newProcess } from '../../commands/new-process.ts';
import { createResource } from '../../commands/new-resource.ts';
import { runCommand } from '../../commands/run-command.ts';
import { removeProcess } from '../../edits/processes.ts';
import { removeResource, usersOf } from '../../edits/resources.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { classNames } from '../../kit/class-names.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Glyph } from '../../kit/glyph.tsx';
import { SvgIcon } from '../../kit/svg-icon.tsx';
import type { RenameTarget } from '../../store/session-slice.ts';
import type { StudioStore } from '../../store/studio-store.ts';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import { NewResourceButton } from './new-resource-button.tsx';

type Item = Extract<RenameTarget, { kind: 'process' | 'resource' }>;

/** The processes and shared resources of the project. */
export function ProjectPanel() {
  const store = useStudioStore();
  const project = useStudio((state) => state.project);
  const [deleting, setDeleting] = useState<Item | null>(null);
  if (project === null) return <EmptyState glyph="project" title="No project is open" />;
  return (
    <section className="panel nokey" aria-label="Project">
      <header className="panel-head">
        <h2>Project</h2>
      </header>
      <div className="panel-scroll">
        <Heading
          text="Processes"
          action={
            <IconButton
              glyph="plus"
              label="New process"
              tooltipSide="left"
              onClick={() => runCommand(store, newProcess)}
            />
          }
        />
        {Object.values(project.processes).map((process) => (
          <ProcessRow key={process.id} id={process.id} name={process.name} onDelete={setDeleting} />
        ))}
        <Heading text="Shared resources" action={<NewResourceButton onPick={(type) => addResource(store, type)} />} />
        {Object.values(project.resources).map(({ id, name, type }) => (
          <ResourceRow key={id} id={id} name={name} type={type} onDelete={setDeleting} />
        ))}
        {Object.keys(project.resources).length === 0 ? (
          <p className="project-none">None yet. A Kafka Connection says which cluster activities talk to.</p>
        ) : null}
      </div>
      {deleting === null ? null : <DeleteDialog item={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

function addResource(store: StudioStore, type: string): void {
  const id = createResource(store, type);
  if (id !== undefined) store.getState().selectResource(id);
}

function Heading({ text, action }: { readonly text: string; readonly action: ReactNode }) {
  return (
    <div className="project-heading">
      <h3>{text}</h3>
      {action}
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly name: string;
  readonly onDelete: (item: Item) => void;
}

function ProcessRow({ id, name, onDelete }: RowProps) {
  const { isActive, openProcess, errors } = useStudio((state) => ({
    isActive: state.activeProcess === id && state.selectedResource === null,
    openProcess: state.openProcess,
    errors: state.problems.filter((problem) => problem.process === id && problem.severity === 'error').length,
  }));
  return (
    <Row
      item={{ kind: 'process', id }}
      name={name}
      isActive={isActive}
      onOpen={() => openProcess(id)}
      onDelete={onDelete}
    >
      <Glyph name="process" />
      <span className="project-name-text">{name}</span>
      {errors === 0 ? null : <Badge tone="danger">{errors}</Badge>}
    </Row>
  );
}

function ResourceRow({ id, name, type, onDelete }: RowProps & { readonly type: string }) {
  const { isActive, selectResource } = useStudio((state) => ({
    isActive: state.selectedResource === id,
    selectResource: state.selectResource,
  }));
  return (
    <Row
      item={{ kind: 'resource', id }}
      name={name}
      isActive={isActive}
      onOpen={() => selectResource(id)}
      onDelete={onDelete}
    >
      <span className="project-icon" style={hueOf(type) as CSSProperties}>
        <SvgIcon source={iconOf(type)} size={16} />
      </span>
      <span className="project-name-text">{name}</span>
    </Row>
  );
}

interface RowFrameProps {
  readonly item: Item;
  readonly name: string;
  readonly isActive: boolean;
  readonly onOpen: () => void;
  readonly onDelete: (item: Item) => void;
  readonly children: ReactNode;
}

function Row({ item, name, isActive, onOpen, onDelete, children }: RowFrameProps) {
  const show = useStudio((state) => state.show);
  return (
    <div className={classNames('project-row', isActive && 'is-active')}>
      <button
        type="button"
        className="project-open"
        aria-current={isActive}
        data-testid={`project-${item.kind}-${item.id}`}
        onClick={onOpen}
        onKeyDown={(event) => {
          if (event.key === 'F2') show({ overlay: { kind: 'rename', of: item } });
          else if (event.key === 'Delete') onDelete(item);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {children}
      </button>
      <span className="project-row-tools">
        <IconButton
          glyph="edit"
          label={`Rename ${name}`}
          tooltipSide="left"
          onClick={() => show({ overlay: { kind: 'rename', of: item } })}
        />
        <IconButton glyph="trash" label={`Delete ${name}`} tooltipSide="left" onClick={() => onDelete(item)} />
      </span>
    </div>
  );
}

function DeleteDialog({ item, onClose }: { readonly item: Item; readonly onClose: () => void }) {
  const store = useStudioStore();
  const { project, palette } = store.getState();
  const thing = item.kind === 'process' ? project?.processes[item.id] : project?.resources[item.id];
  const users = item.kind === 'resource' && project !== null ? usersOf(project, item.id, palette).length : 0;
  const confirm = () => {
    onClose();
    deleteItem(store, item);
  };
  return (
    <Dialog
      title={`Delete ${thing?.name ?? item.id}?`}
      onClose={onClose}
      width={420}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" glyph="trash" onClick={confirm}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        {item.kind === 'process'
          ? 'The process goes with everything drawn on its canvas.'
          : 'The shared resource goes with its settings.'}
        {users > 0
          ? ` ${users === 1 ? 'One activity uses it and has' : `${users} activities use it and have`} to be given another.`
          : ''}
      </p>
      <p>Undo brings it back; the file goes when you save.</p>
    </Dialog>
  );
}

function deleteItem(store: StudioStore, item: Item): void {
  const { edit } = store.getState();
  if (item.kind === 'resource') {
    edit('Delete resource', removeResource(item.id));
    store.getState().selectResource(null);
    return;
  }
  edit('Delete process', removeProcess(item.id));
}
