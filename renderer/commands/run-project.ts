import { messageOf } from '../../engine/base/errors.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import type { RecordPlace } from '../../engine/studio/contract.ts';
import { isRunning } from '../store/selectors.ts';
import type { StudioStore } from '../store/studio-store.ts';
import type { Command } from './command.ts';

/** Runs the project as it is in the window. Errors found by validation keep it from starting and are shown instead. */
export const runProject: Command = {
  id: 'run',
  title: 'Run',
  group: 'Run',
  shortcuts: ['Ctrl+Enter', 'F5', 'F8'],
  glyph: 'play',
  worksInText: true,
  canRun: (state) => state.project !== null && !isRunning(state),
  run: ({ store }) => startRun(store),
};

/**
 * Starts the run; records in `skipRecords` are passed over once, as done. Errors that validation found keep it from starting and
 * are shown instead.
 */
export async function startRun(store: StudioStore, skipRecords: readonly RecordPlace[] = []): Promise<void> {
  const { project, problems, client, show, notify, dismissNoticesAbout, hear, run, projectPath } = store.getState();
  if (project === null) return;
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (errors > 0) {
    show({ bottom: 'problems' });
    notify({
      tone: 'warning',
      about: 'start',
      text: `Not started: fix ${errors === 1 ? 'the error' : `the ${errors} errors`} listed under Problems first.`,
    });
    return;
  }
  dismissNoticesAbout('start');
  hear(projectPath, { run: { ...run, state: 'starting', failure: null }, counts: {} });
  try {
    const files = Object.fromEntries(writeProject(project));
    hear(projectPath, { run: await client.call('run.start', { files, skipRecords: [...skipRecords] }) });
    show({ bottom: 'jobs' });
  } catch (thrown) {
    // As a rule the studio has told why, with code, activity and record.
    const heard = store.getState();
    const isTold = heard.projectPath === projectPath && heard.run.state === 'failed' && heard.run.failure !== null;
    const failure = { code: 'RUN_START_FAILED', message: messageOf(thrown), activity: null };
    if (!isTold) hear(projectPath, { run: { ...run, state: 'failed', failure } });
    notify({ tone: 'danger', about: 'start', text: `The run did not start: ${messageOf(thrown)}` });
  }
}
