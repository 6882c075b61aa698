import '../detail.css';
import './jobs.css';
import { useEffect, useState } from 'react';
import type { JobSummary } from '../../../engine/studio/contract.ts';
import type { Tone } from '../../kit/badge.tsx';
import { Badge, StatusDot } from '../../kit/badge.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { formatCount } from '../../kit/format-number.ts';
import { formatAgo, formatDuration, formatTimeWithZone } from '../../kit/format-time.ts';
import { SplitPane } from '../../kit/split-pane.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { useNow } from '../../kit/use-now.ts';
import { VirtualList } from '../../kit/virtual-list.tsx';
import { useStudio } from '../../store/use-studio.ts';
import { JobView } from './job-view.tsx';
import type { JobState } from './use-jobs.ts';
import { useJobs } from './use-jobs.ts';

export const jobTones: Readonly<Record<JobState, Tone>> = { running: 'info', completed: 'success', failed: 'danger' };

/** Jobs of the current or last run, newest first, and one of them step by step. */
export function JobsPanel() {
  const [state, setState] = useState<JobState>();
  const [selected, setSelected] = useState<string>();
  const runId = useStudio((studio) => studio.run.runId);
  // A job of the run before is not in the list of this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run lets go of the job
  useEffect(() => setSelected(undefined), [runId]);
  const { jobs, failure } = useJobs(state);
  const now = useNow();
  if (failure !== undefined && jobs === undefined)
    return <EmptyState glyph="error" title="The jobs could not be read" hint={failure} />;
  const job = jobs?.find(({ id }) => id === selected);
  return (
    <SplitPane
      id="jobs"
      direction="row"
      sized="second"
      initial={440}
      min={300}
      max={1_200}
      label="Width of the job"
      collapsed={selected === undefined}
      first={
        <section className="jobs-side" aria-label="Jobs">
          <JobFilter state={state} onState={setState} />
          {jobs === undefined || jobs.length === 0 ? (
            <NoJobs state={state} />
          ) : (
            <VirtualList
              label="Jobs"
              testId="jobs-list"
              items={jobs}
              keyOf={({ id }) => id}
              rowHeight={30}
              selectedKey={selected}
              onSelect={({ id }) => setSelected(id)}
              testIdOf={({ id }) => `job-row-${id}`}
              renderRow={(each) => <JobRow job={each} now={now} />}
            />
          )}
        </section>
      }
      second={
        selected === undefined ? null : (
          <JobView key={selected} id={selected} state={job?.state} onClose={() => setSelected(undefined)} />
        )
      }
    />
  );
}

function JobFilter({
  state,
  onState,
}: {
  readonly state: JobState | undefined;
  readonly onState: (state: JobState | undefined) => void;
}) {
  const counts = useStudio((studio) => studio.counts);
  const jobs = Object.values(counts).map((process) => process.jobs);
  const sum = (of: 'active' | 'completed' | 'failed') => jobs.reduce((total, each) => total + each[of], 0);
  const failed = sum('failed');
  return (
    <div className="jobs-tools">
      <Tabs
        label="Jobs to show"
        look="segment"
        items={[
          { id: 'all', label: 'All' },
          { id: 'running', label: 'Running', mark: <Mark count={sum('active')} tone="info" /> },
          { id: 'completed', label: 'Completed', mark: <Mark count={sum('completed')} tone="success" /> },
          { id: 'failed', label: 'Failed', mark: <Mark count={failed} tone="danger" />, testId: 'jobs-failed' },
        ]}
        selected={state ?? 'all'}
        onSelect={(id) => onState(id === 'all' ? undefined : id)}
      />
    </div>
  );
}

function Mark({ count, tone }: { readonly count: number; readonly tone: Tone }) {
  return count === 0 ? null : <Badge tone={tone}>{formatCount(count)}</Badge>;
}

function NoJobs({ state }: { readonly state: JobState | undefined }) {
  const run = useStudio((studio) => studio.run);
  if (run.failure) return <EmptyState glyph="error" title="The run failed" hint={run.failure.message} />;
  if (state !== undefined)
    return <EmptyState glyph="jobs" title={`No job is ${state}`} hint="Choose All to see the others." />;
  if (run.state === 'running')
    return (
      <EmptyState
        glyph="jobs"
        title="Waiting for the first job"
        hint="The process runs; a job starts with the next event of its starter."
      />
    );
  return (
    <EmptyState
      glyph="jobs"
      title="No jobs yet"
      hint="Press Run: each event of a process starter becomes a job, shown here with all its data."
    />
  );
}

function JobRow({ job, now }: { readonly job: JobSummary; readonly now: number }) {
  const name = useStudio((studio) => studio.project?.processes[job.process]?.name ?? job.process);
  return (
    <span className={`job-row is-${job.state}`}>
      <StatusDot tone={jobTones[job.state]} pulse={job.state === 'running'} />
      <span className="job-origin">
        <b>{job.origin}</b> <span className="job-process">{name}</span>
        {job.failure === null ? null : <span className="job-failure"> {job.failure.message}</span>}
      </span>
      <span className="is-number">{job.durationMs === null ? 'running' : formatDuration(job.durationMs)}</span>
      <time title={formatTimeWithZone(job.startedAtMs)}>{formatAgo(job.startedAtMs, now)}</time>
    </span>
  );
}
