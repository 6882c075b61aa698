import { assert } from '../../base/assert.ts';
import type { JobError } from '../../spi/runtime.ts';
import type { Ask } from '../events.ts';
import type { Frame, LoopState } from '../job.ts';
import { executionAt } from '../job.ts';
import { frameData } from '../job-data.ts';
import type { PlannedActivity } from '../plan.ts';
import type { Step } from './element.ts';
import { beginCatch } from './take-failure.ts';
import { endUndoing, keepUndoable } from './undo.ts';

/**
 * What loops have in common (J29). A round is a frame of what is in the loop. The loop's own name reads there as what it is about: `item`,
 * `index`, `last`. After each round others have their turn, and of rounds that are over only what was collected is kept.
 */

/** A loop that executes, and the rounds that it has had. */
export interface Loop {
  readonly step: Step;
  /** Where the loop stands. */
  readonly frame: Frame;
  readonly slot: number;
  readonly planned: PlannedActivity;
  readonly state: LoopState;
}

/** No round has begun. */
export function newLoop(): LoopState {
  return {
    ...{ begun: 0, running: 0, items: undefined, collected: undefined, last: undefined, error: undefined },
    ...{ hasTurn: false, ending: new Map() },
  };
}

/** The loop that executes at a slot. */
export function loopAt(step: Step, frame: Frame, slot: number): Loop {
  frame.constructs ??= new Map();
  let state = frame.constructs.get(slot);
  if (!state) {
    state = newLoop();
    frame.constructs.set(slot, state);
  }
  return { step, frame, slot, planned: frame.scope.activities[slot]!, state };
}

/** The loop that a round is of. */
export function loopOf(step: Step, round: Frame): Loop {
  assert(round.parent, 'a round stands in a loop');
  return loopAt(step, round.parent, round.slot);
}

/** What expressions of a loop read outside of its rounds: what the loop itself reads, and itself under its name. */
export function loopData({ step, frame, slot, planned }: Loop, self: Readonly<Record<string, unknown>>) {
  return { ...frameData(step.job, frame, slot), [planned.id]: self };
}

/** Begins the next round. */
export function beginRound(loop: Loop, self: Readonly<Record<string, unknown>>): void {
  const { step, frame, slot, state } = loop;
  const iteration = state.begun++;
  state.running++;
  step.flow.open(step, frame, slot, { iteration, data: loopData(loop, self) });
}

/** Asks for expressions of a loop over data; the answer comes with the token. */
export function askFields(
  loop: Loop,
  token: number,
  fields: readonly string[],
  data: Readonly<Record<string, unknown>>,
): void {
  askFor(loop, { token, want: 'fields', fields, data });
}

/** Asks something for a loop. */
export function askFor({ step, frame, slot }: Loop, question: WithoutExecution<Ask>): void {
  step.flow.ask(step, { execution: executionAt(frame, slot), ...question } as Ask);
}

type WithoutExecution<T> = T extends unknown ? Omit<T, 'execution'> : never;

/**
 * What is true of every round that is over: a catch in it may begin; what it undoes is done. True when the round has just ended. Its
 * failure, if it has one, is still in it.
 */
export function roundEnded(step: Step, round: Frame): boolean {
  if (round.undoneBy) {
    endUndoing(step, round);
    return false;
  }
  if (beginCatch(step, round)) return false;
  round.hasEnded = true;
  const { state } = loopOf(step, round);
  state.running--;
  const tooMany = keepUndoable(round, round);
  if (tooMany) round.failure ??= { slot: 0, error: tooMany };
  return true;
}

/** Lets go of a round: what it gave is where it is wanted. */
export function dropRound({ step }: Loop, round: Frame): void {
  step.effects.left.push(round);
  step.job.leaving ??= [];
  step.job.leaving.push(round);
}

/** Which of a loop's expressions there are, of some. */
export function lateFields({ planned }: Loop, ...names: readonly string[]): readonly string[] {
  return names.filter((name) => planned.late.has(name));
}

/** Whether the round at hand is one too many. */
export function tooManyRounds({ planned, state }: Loop): JobError | undefined {
  const { roundsMax } = planned.settings;
  if (typeof roundsMax !== 'number' || state.begun < roundsMax) return undefined;
  const message = `expected ${planned.id} to end within ${roundsMax} iterations, but it goes on`;
  return { code: 'ITERATIONS_TOO_MANY', message, activity: planned.id, retriable: false };
}

/** The loop has completed: what the last round gave, as a scope does, how many there were, and what was collected. */
export function finishLoop({ step, frame, slot, state }: Loop): void {
  const { begun, collected, last } = state;
  step.flow.finish(step, frame, slot, { ...last, count: begun, ...(collected ? { outputs: collected } : {}) });
}

/** The loop has failed. */
export function failLoop({ step, frame, slot }: Loop, error: JobError): void {
  step.flow.finishFailed(step, frame, slot, error);
}
