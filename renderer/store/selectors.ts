import type { Activity, Process, Resource, Transition } from '../../engine/model/document.ts';
import type { Problem } from '../../engine/model/problem.ts';
import type { StudioState } from './studio-store.ts';

/** The process on the canvas. */
export function activeProcessOf(state: StudioState): Process | undefined {
  return state.activeProcess === null ? undefined : state.project?.processes[state.activeProcess];
}

/** What the properties panel is about. */
export type Subject =
  | { readonly kind: 'activity'; readonly process: Process; readonly activity: Activity }
  | { readonly kind: 'transition'; readonly process: Process; readonly transition: Transition }
  | { readonly kind: 'resource'; readonly resource: Resource }
  | { readonly kind: 'many'; readonly activities: number; readonly transitions: number }
  | { readonly kind: 'process'; readonly process: Process }
  | { readonly kind: 'none' };

/** The selected thing, when exactly one is; the process itself when nothing is. */
export function subjectOf(state: StudioState): Subject {
  const resource = state.selectedResource === null ? undefined : state.project?.resources[state.selectedResource];
  if (resource !== undefined) return { kind: 'resource', resource };
  const process = activeProcessOf(state);
  if (process === undefined) return { kind: 'none' };
  const { activities, transitions } = state.selection;
  if (activities.length + transitions.length > 1)
    return { kind: 'many', activities: activities.length, transitions: transitions.length };
  const activity = process.activities[activities[0] ?? ''];
  if (activity !== undefined) return { kind: 'activity', process, activity };
  const transition = process.transitions.find((one) => one.id === transitions[0]);
  return transition === undefined ? { kind: 'process', process } : { kind: 'transition', process, transition };
}

const noProblems: readonly Problem[] = [];

/** What is wrong with one activity. */
export function problemsOfActivity(state: StudioState, process: string, activity: string): readonly Problem[] {
  const found = state.problems.filter((problem) => problem.process === process && problem.activity === activity);
  return found.length === 0 ? noProblems : found;
}

/** The worst of some problems; undefined when there are none. */
export function worstSeverity(problems: readonly Pick<Problem, 'severity'>[]): Problem['severity'] | undefined {
  if (problems.some((problem) => problem.severity === 'error')) return 'error';
  return problems.length === 0 ? undefined : 'warning';
}

/** True while a run takes or finishes work. */
export function isRunning(state: Pick<StudioState, 'run'>): boolean {
  return state.run.state === 'starting' || state.run.state === 'running' || state.run.state === 'stopping';
}
