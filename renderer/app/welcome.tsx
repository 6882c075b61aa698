import type { ReactNode } from 'react';
import type { ProjectProblem } from '../../engine/model/problem.ts';
import { newProject } from '../commands/new-project.ts';
import { openProject } from '../commands/open-project.ts';
import { runCommand } from '../commands/run-command.ts';
import { Button } from '../kit/button.tsx';
import { EmptyState } from '../kit/empty-state.tsx';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** What the window shows without a project: how to get one, or why the one that was opened cannot be read. */
export function Welcome() {
  const store = useStudioStore();
  const { unreadable, connection } = useStudio((state) => ({
    unreadable: state.unreadable,
    connection: state.connection,
  }));
  const open = (
    <div className="welcome-actions">
      <Button look="primary" glyph="project" onClick={() => runCommand(store, openProject)}>
        Open a project
      </Button>
      <Button onClick={() => runCommand(store, newProject)}>New project</Button>
    </div>
  );
  if (unreadable !== null) return <Unreadable {...unreadable}>{open}</Unreadable>;
  if (connection === 'refused') {
    return (
      <main className="app-view welcome">
        <EmptyState
          glyph="error"
          title="The studio of this page has ended"
          hint="Open the address that the new one printed when it started."
        />
      </main>
    );
  }
  if (connection === 'connecting') {
    return (
      <main className="app-view welcome">
        <EmptyState
          glyph="refresh"
          title="Connecting to the studio…"
          hint="The window opens the project as soon as the studio answers."
        />
      </main>
    );
  }
  return (
    <main className="app-view welcome">
      <EmptyState
        glyph="project"
        title="No project is open"
        hint="Open a folder with a millrace.json, or start a new project in an empty one."
      >
        {open}
      </EmptyState>
    </main>
  );
}

interface UnreadableProps {
  readonly path: string;
  readonly problems: readonly ProjectProblem[];
  readonly children: ReactNode;
}

/** Why the files of a folder are no project, by file and line. */
function Unreadable({ path, problems, children }: UnreadableProps) {
  return (
    <main className="app-view welcome">
      <EmptyState
        glyph="error"
        title="This project cannot be read"
        hint={`${path}: correct these files, and open it again.`}
      >
        <ul className="unreadable-files">
          {problems.map((problem) => (
            <li key={`${problem.file}:${problem.line}:${problem.message}`}>
              <code>
                {problem.file}
                {problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`}
              </code>
              {problem.message}
            </li>
          ))}
        </ul>
        {children}
      </EmptyState>
    </main>
  );
}
