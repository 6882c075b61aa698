import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../../engine/base/errors.ts';
import type { JobDetail, JobSummary } from '../../../engine/studio/contract.ts';
import { useStudio } from '../../store/use-studio.ts';

/** Shortest time between two looks at the jobs, however fast the counts change. */
const lookEveryMs = 500;
/** Jobs listed. */
const jobsMax = 200;

export type JobState = JobSummary['state'];

/** The newest jobs of the run, looked at again whenever its counts or its state change. Undefined before the first answer. */
export function useJobs(state: JobState | undefined) {
  const { client, counts, run, isOpen } = useStudio((studio) => ({
    client: studio.client,
    counts: studio.counts,
    run: studio.run,
    isOpen: studio.connection === 'open',
  }));
  const [jobs, setJobs] = useState<readonly JobSummary[]>();
  const [failure, setFailure] = useState<string>();
  const lastLook = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts and state of the run say that jobs have changed
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    const look = async () => {
      lastLook.current = performance.now();
      try {
        const found = await client.call('run.jobs', { ...(state === undefined ? {} : { state }), limit: jobsMax });
        if (!isStale) setJobs(found);
        if (!isStale) setFailure(undefined);
      } catch (thrown) {
        if (!isStale) setFailure(messageOf(thrown));
      }
    };
    const timer = setTimeout(() => void look(), Math.max(0, lastLook.current + lookEveryMs - performance.now()));
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [client, isOpen, state, counts, run]);
  return { jobs, failure };
}

/** One job in full; read again while it runs. */
export function useJob(id: string, state: JobState | undefined) {
  const client = useStudio((studio) => studio.client);
  const [job, setJob] = useState<JobDetail>();
  const [failure, setFailure] = useState<string>();
  const lastLook = useRef(0);
  // What it has done since: a loop goes on, a wait is over.
  const isUnderWay = job?.id === id && job.state === 'running';
  const news = useStudio(({ counts }) => (isUnderWay ? counts : undefined));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of its state, and news of the run while it is under way, ask for another look
  useEffect(() => {
    let isStale = false;
    const look = () => {
      lastLook.current = performance.now();
      client.call('run.job', { id }).then(
        (found) => {
          if (isStale) return;
          setJob(found);
          setFailure(undefined);
        },
        (thrown: unknown) => isStale || setFailure(messageOf(thrown)),
      );
    };
    const inMs = news === undefined ? 0 : Math.max(0, lastLook.current + lookEveryMs - performance.now());
    const timer = setTimeout(look, inMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [client, id, state, news]);
  return { job: job?.id === id ? job : undefined, failure };
}
