import { fileIdFrom } from '../edits/free-id.ts';
import { addProcess } from '../edits/processes.ts';
import type { Command } from './command.ts';
import { hasProject } from './command.ts';

/** Adds an empty process, opens it and asks for its name. */
export const newProcess: Command = {
  id: 'new-process',
  title: 'New Process',
  group: 'Project',
  glyph: 'process',
  canRun: hasProject,
  run: ({ store }) => {
    const { project, edit, openProcess, show, canvas } = store.getState();
    if (project === null) return;
    const id = fileIdFrom('process', (taken) => taken in project.processes);
    edit('New process', addProcess(id, 'New process'));
    openProcess(id);
    // Where the keyboard comes back to once the name is given: the first activity is next.
    canvas?.focus();
    show({ overlay: { kind: 'rename', of: { kind: 'process', id } } });
  },
};
