import type { InitialState, PlannedActivity, PlannedTransition } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';

/**
 * The state in which every job of a plan begins. Activities without an incoming transition, other than the starter, can never
 * run: they and all that hangs on them alone are skipped, so that no join waits for them.
 */
export function initialState(
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
  starter: number,
): InitialState {
  const state = {
    activities: Array.from(activities, (): number => ActivityState.waiting),
    transitions: Array.from(transitions, (): number => TransitionState.undecided),
    undecided: Array.from(activities, () => 0),
  };
  for (const { to } of transitions) state.undecided[to]!++;
  const dead = activities
    .filter(({ index }) => index !== starter && state.undecided[index] === 0)
    .map(({ index }) => index);
  for (let index = dead.pop(); index !== undefined; index = dead.pop()) {
    state.activities[index] = ActivityState.skipped;
    for (const outgoing of activities[index]!.outgoing) {
      const { to } = transitions[outgoing]!;
      state.transitions[outgoing] = TransitionState.dead;
      state.undecided[to]!--;
      if (state.undecided[to] === 0 && to !== starter) dead.push(to);
    }
  }
  return state;
}
