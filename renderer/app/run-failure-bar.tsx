import { runCommand } from '../commands/run-command.ts';
import { runProject, startRun } from '../commands/run-project.ts';
import { Button } from '../kit/button.tsx';
import { Glyph } from '../kit/glyph.tsx';
import { showRecord } from '../store/record-source.ts';
import type { StudioState } from '../store/studio-store.ts';
import { useStudio, useStudioStore } from '../store/use-studio.ts';

/** Why the run failed, under the tabs: what stopped, at which record, and what can be done about it. */
export function RunFailureBar() {
  const store = useStudioStore();
  const failed = useStudio(failedRun);
  if (failed === undefined) return null;
  const { process, activity, failure } = failed;
  const { record } = failure;
  const open = () => {
    const { openProcess } = store.getState();
    if (process !== undefined) openProcess(process, activity === undefined ? {} : { activities: [activity] });
  };
  return (
    <div className="run-failure" role="alert" data-testid="run-failure">
      <Glyph name="error" size={16} />
      <p>
        <b>{failed.title}</b> {failure.message} <code>{failure.code}</code>
      </p>
      {record === undefined ? null : (
        <>
          <Button data-testid="show-record" onClick={() => showRecord(store, process, record)}>
            Show record
          </Button>
          <Button
            data-testid="skip-record"
            title="Runs again and passes over this one record, as if it had been handled"
            onClick={() => void startRun(store, [record])}
          >
            Skip
          </Button>
        </>
      )}
      {activity === undefined ? null : <Button onClick={open}>Show activity</Button>}
      <Button
        look="primary"
        glyph="play"
        disabled={!runProject.canRun(store.getState())}
        onClick={() => runCommand(store, runProject)}
      >
        Run again
      </Button>
    </div>
  );
}

/** The failure of the last run, with the names of what it belongs to; undefined when it did not fail. */
function failedRun({ run, project }: StudioState) {
  const { failure } = run;
  if (run.state !== 'failed' || failure === null) return undefined;
  const stopped = Object.entries(run.processStates).find(([, state]) => state === 'failed')?.[0];
  const process = stopped ?? Object.keys(project?.processes ?? {}).find((id) => run.processes.includes(id));
  const owner = process === undefined ? undefined : project?.processes[process];
  const { record, activity } = failure;
  const at = record === undefined ? '' : ` at ${record.topic}[${record.partition}] @ ${record.offset}`;
  return {
    failure,
    process,
    activity: activity !== null && owner?.activities[activity] !== undefined ? activity : undefined,
    title: stopped === undefined ? 'The run failed.' : `${owner?.name ?? stopped} stopped${at}.`,
  };
}
