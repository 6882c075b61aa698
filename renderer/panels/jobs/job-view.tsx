import { useState } from 'react';
import type { ActivityRun, Failure, JobDetail } from '../../../engine/studio/contract.ts';
import type { Tone } from '../../kit/badge.tsx';
import { Badge, StatusDot } from '../../kit/badge.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatDuration, formatTimeWithZone } from '../../kit/format-time.ts';
import { LongText } from '../../kit/long-text.tsx';
import { useNow } from '../../kit/use-now.ts';
import { showRecord } from '../../store/record-source.ts';
import type { StudioState } from '../../store/studio-store.ts';
import { useStudio, useStudioStore } from '../../store/use-studio.ts';
import type { JobState } from './use-jobs.ts';
import { useJob } from './use-jobs.ts';

const tones: Readonly<Record<ActivityRun['state'], Tone>> = {
  running: 'info',
  completed: 'success',
  failed: 'danger',
  skipped: 'neutral',
  'not-reached': 'neutral',
  cancelled: 'neutral',
};

const stateWords: Readonly<Record<ActivityRun['state'], string>> = {
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  skipped: 'not taken',
  'not-reached': 'not reached',
  cancelled: 'given up',
};

interface JobViewProps {
  readonly id: string;
  readonly state: JobState | undefined;
  readonly onClose: () => void;
}

/** One job: each activity in the order it ran, and the data of the chosen one. Choosing an activity marks it on the canvas. */
export function JobView({ id, state, onClose }: JobViewProps) {
  const { job, failure } = useJob(id, state);
  const [chosen, setChosen] = useState<number>();
  const store = useStudioStore();
  if (failure !== undefined && job === undefined)
    return <EmptyState glyph="jobs" title="This job is gone" hint={failure} />;
  if (job === undefined) return <p className="topic-note">Reading the job…</p>;
  const steps = inOrder(job.activities);
  const step = shownStep(steps, job, chosen);
  const choose = ({ execution, activity, process = job.process }: ActivityRun) => {
    setChosen(execution);
    const { project, openProcess } = store.getState();
    if (project?.processes[process]?.activities[activity] !== undefined)
      openProcess(process, { activities: [activity] });
  };
  return (
    <section className="job-view" aria-label={`Job ${job.origin}`}>
      <JobHead job={job} onClose={onClose} />
      <JobFailure job={job} />
      <div className="job-body">
        <JobSteps job={job} steps={steps} chosen={step} onChoose={choose} />
        {step === undefined ? (
          <EmptyState glyph="jobs" title="Nothing ran yet" />
        ) : (
          <StepData key={step.execution} run={step} toldAbove={job.failure?.message} />
        )}
      </div>
    </section>
  );
}

interface JobStepsProps {
  readonly job: JobDetail;
  readonly steps: readonly ActivityRun[];
  readonly chosen: ActivityRun | undefined;
  readonly onChoose: (run: ActivityRun) => void;
}

/** What was executed, each a step to the right of what it was executed in. */
function JobSteps({ job, steps, chosen, onChoose }: JobStepsProps) {
  return (
    <ol className="job-steps" aria-label="Activities of the job">
      {job.dropped === undefined ? null : (
        <li className="job-dropped">
          {job.dropped.toLocaleString('en-US')} executions of earlier iterations are not kept
        </li>
      )}
      {steps.map((each) => (
        <li key={each.execution} style={{ paddingLeft: depthOf(each, steps) * indentPx }}>
          <StepButton
            process={job.process}
            run={each}
            isBlamed={isBlamed(job, each)}
            isChosen={each === chosen}
            onChoose={() => onChoose(each)}
          />
        </li>
      ))}
    </ol>
  );
}

/** The chosen one; before anything was chosen the one that the job failed for, else one that failed, else the first. */
function shownStep(steps: readonly ActivityRun[], job: JobDetail, chosen: number | undefined): ActivityRun | undefined {
  return (
    steps.find(({ execution }) => execution === chosen) ??
    steps.find(({ activity }) => activity === job.failure?.activity) ??
    steps.find(({ state }) => state === 'failed') ??
    steps[0]
  );
}

function JobHead({ job, onClose }: { readonly job: JobDetail; readonly onClose: () => void }) {
  return (
    <header className="detail-head">
      <StatusDot tone={tones[job.state]} />
      <h3>{job.origin}</h3>
      <span className="job-head-facts" title={formatTimeWithZone(job.startedAtMs)}>
        {job.state}
        {job.durationMs === null ? '' : ` in ${formatDuration(job.durationMs)}`}
      </span>
      <IconButton glyph="close" label="Close" tooltipSide="left" onClick={onClose} />
    </header>
  );
}

/** Why the job failed, at its head: the failure may belong to a wire or to the record, and so to no step below. */
function JobFailure({ job }: { readonly job: JobDetail }) {
  const store = useStudioStore();
  const where = useStudio((state) => whereFailed(state, job));
  const { failure, record } = job;
  if (failure === null) return null;
  return (
    <div className="job-error job-head-error" role="alert" data-testid="job-failure">
      <div className="job-head-words">
        <b>{failure.code}</b> {where}
        <p>{failure.message}</p>
        {failure.details === undefined ? null : (
          <LongText format="json" text={JSON.stringify(failure.details)} label="Details of the error" />
        )}
      </div>
      {record === null ? null : (
        <Button data-testid="job-show-record" onClick={() => showRecord(store, job.process, record)}>
          Show record
        </Button>
      )}
    </div>
  );
}

/** The activity or wire that a failure belongs to, by its name on the canvas. */
function whereFailed({ project }: StudioState, { process, failure }: JobDetail): string {
  const called = failure?.process;
  const owner = project?.processes[called ?? process];
  const nameOf = (id: string) => owner?.activities[id]?.name ?? id;
  const wire = owner?.transitions.find(({ id }) => id === failure?.transition);
  if (wire !== undefined) return `in the condition from ${nameOf(wire.from)} to ${nameOf(wire.to)}`;
  if (failure?.activity === null || failure === null) return '';
  return `in ${nameOf(failure.activity)}${called === undefined ? '' : ` of ${owner?.name ?? called}`}`;
}

/** Whether the job's failure belongs to an execution. */
function isBlamed({ failure, process }: JobDetail, run: ActivityRun): boolean {
  if (failure === null || failure.transition !== undefined) return false;
  return failure.activity === run.activity && (failure.process ?? process) === (run.process ?? process);
}

interface StepButtonProps {
  readonly process: string;
  readonly run: ActivityRun;
  /** The job's failure belongs to it. */
  readonly isBlamed: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function StepButton({ process, run, isBlamed: isAtFault, isChosen, onChoose }: StepButtonProps) {
  const owner = run.process ?? process;
  const name = useStudio((state) => state.project?.processes[owner]?.activities[run.activity]?.name ?? run.activity);
  return (
    <button
      type="button"
      className={isChosen ? 'job-step is-chosen' : 'job-step'}
      aria-pressed={isChosen}
      data-testid={`job-activity-${run.activity}`}
      onClick={onChoose}
    >
      <StatusDot tone={isAtFault ? 'danger' : tones[run.state]} pulse={run.state === 'running'} />
      <span className="job-step-name">{name}</span>
      {run.iteration === undefined ? null : (
        <span className="job-step-iteration" title={`Iteration ${run.iteration + 1}`}>
          #{run.iteration + 1}
        </span>
      )}
      <span className="job-step-time">
        {run.waitsUntilMs !== undefined ? (
          <Waits untilMs={run.waitsUntilMs} />
        ) : run.durationMs === null || run.state === 'cancelled' ? (
          stateWords[run.state]
        ) : (
          formatDuration(run.durationMs)
        )}
      </span>
    </button>
  );
}

/** How long a wait goes on, counted down. */
function Waits({ untilMs }: { readonly untilMs: number }) {
  const now = useNow();
  return <>waits {formatDuration(Math.max(0, untilMs - now))}</>;
}

/** Data of one activity, and its own failure unless the job's head tells the same. */
function StepData({ run, toldAbove }: { readonly run: ActivityRun; readonly toldAbove: string | undefined }) {
  return (
    <div className="job-data">
      {run.failure === null || run.failure.message === toldAbove ? null : <FailureBox failure={run.failure} />}
      {run.truncated ? (
        <p className="detail-reason">
          <Badge tone="warning">cut short</Badge> Long data is kept only in part.
        </p>
      ) : null}
      <Data title="Input" value={run.input} />
      <Data title="Output" value={run.output} />
    </div>
  );
}

function FailureBox({ failure }: { readonly failure: Failure }) {
  return (
    <div className="job-error" role="alert">
      <b>{failure.code}</b>
      <p>{failure.message}</p>
      {failure.details === undefined ? null : (
        <LongText format="json" text={JSON.stringify(failure.details)} label="Details of the error" />
      )}
    </div>
  );
}

function Data({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <section className="detail-block">
      <div className="detail-block-head">
        <h4>{title}</h4>
      </div>
      {value === undefined || value === null ? (
        <p className="detail-none">None</p>
      ) : (
        <LongText format="json" text={JSON.stringify(value)} label={title} />
      )}
    </section>
  );
}

/** px that an execution stands further to the right than the scope it was in. */
const indentPx = 16;

/** In how many scopes an execution was. */
function depthOf({ parent }: ActivityRun, all: readonly ActivityRun[]): number {
  const scope = parent === null ? undefined : all.find(({ execution }) => execution === parent);
  return scope === undefined ? 0 : 1 + depthOf(scope, all);
}

/** By iteration and the time they began, what was in a scope behind the scope; those that never began come last in theirs. */
function inOrder(activities: readonly ActivityRun[]): readonly ActivityRun[] {
  const began = ({ startedAtMs }: ActivityRun) => startedAtMs ?? Number.POSITIVE_INFINITY;
  const inside = (scope: number | null): readonly ActivityRun[] =>
    activities
      .filter(({ parent }) => parent === scope)
      .sort((a, b) => (a.iteration ?? 0) - (b.iteration ?? 0) || (began(a) === began(b) ? 0 : began(a) - began(b)))
      .flatMap((run) => [run, ...inside(run.execution)]);
  return inside(null);
}
