import type { JobError } from '../spi/runtime.ts';
import type { Plan } from './plan.ts';

/** One run of a process. Only `step` writes it. */
export interface Job {
  readonly id: string;
  readonly plan: Plan;
  /** What expressions read: the output of each activity under its id, `job` and `properties`. `dataFor` adds what failed above. */
  readonly data: Record<string, unknown>;
  /** ActivityState by activity index. */
  readonly activities: number[];
  /** TransitionState by transition index. */
  readonly transitions: number[];
  /** Incoming transitions that are not decided yet, by activity index. */
  readonly undecided: number[];
  /** Activities that execute or whose conditions are being evaluated. */
  activeCount: number;
  /** Failures that error transitions took, by activity index; undefined while there is none. */
  failures: Map<number, JobError> | undefined;
  /** The first failure that no error transition took. Nothing new starts from then on. */
  failure: JobError | undefined;
  hasEnded: boolean;
}

/** A job that waits for its `started` event. */
export function createJob(plan: Plan, id: string): Job {
  const { activities, transitions, undecided } = plan.initial;
  return {
    id,
    plan,
    data: { job: { id, process: plan.processId }, properties: plan.properties },
    activities: activities.slice(),
    transitions: transitions.slice(),
    undecided: undecided.slice(),
    activeCount: 0,
    failures: undefined,
    failure: undefined,
    hasEnded: false,
  };
}
