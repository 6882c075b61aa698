import type { InitialState, PlannedActivity, PlannedTransition } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';

/**
 * The state in which every frame of a scope begins. Activities without an incoming transition that nothing else begins can never run:
 * they and all that hangs on them alone are skipped, so that no join waits for them.
 */
export function initialState(
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
  /** Slots that begin without a transition to them: the starter, what a scope begins with, its catch. */
  begun: readonly number[],
): InitialState {
  const state = {
    activities: Array.from(activities, (): number => ActivityState.waiting),
    transitions: Array.from(transitions, (): number => TransitionState.undecided),
    undecided: Array.from(activities, () => 0),
  };
  for (const { to } of transitions) state.undecided[to]!++;
  const dead = activities
    .filter(({ slot }) => !begun.includes(slot) && state.undecided[slot] === 0)
    .map(({ slot }) => slot);
  for (let slot = dead.pop(); slot !== undefined; slot = dead.pop()) {
    state.activities[slot] = ActivityState.skipped;
    for (const outgoing of activities[slot]!.outgoing) {
      const { to } = transitions[outgoing]!;
      state.transitions[outgoing] = TransitionState.dead;
      state.undecided[to]!--;
      if (state.undecided[to] === 0 && !begun.includes(to)) dead.push(to);
    }
  }
  return state;
}
