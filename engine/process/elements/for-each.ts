import type { Frame } from '../job.ts';
import type { Element } from './element.ts';
import type { Loop } from './loop.ts';
import {
  askFields,
  askFor,
  beginRound,
  dropRound,
  failLoop,
  finishLoop,
  lateFields,
  loopAt,
  loopOf,
  roundEnded,
} from './loop.ts';

/** Token of the turn between two rounds; other tokens are numbers of rounds, from 0. */
const turn = -1;
const start = -2;

/**
 * For each: a round for each item of a list, in order, or several at a time (J30). What each round gives is collected in the order of the
 * items. After a failure no further round begins; the loop fails when those under way are over.
 */
export const forEach: Element = {
  enter(step, frame, slot) {
    askFor(loopAt(step, frame, slot), { token: start, want: 'input' });
  },
  answered(step, frame, slot, answer) {
    const loop = loopAt(step, frame, slot);
    const { state } = loop;
    if (answer.token === start) {
      if (!answer.ok) {
        failLoop(loop, answer.error);
        return;
      }
      state.items = itemsOf((answer.answer as { readonly items?: unknown }).items);
      if (lateFields(loop, 'collect').length) state.collected = [];
    } else if (answer.token === turn) state.hasTurn = false;
    else collect(loop, answer.token, answer.ok ? answer.answer : undefined);
    if (!answer.ok) state.error ??= answer.error;
    goOn(loop);
  },
  ended(step, round) {
    if (!roundEnded(step, round)) return;
    const loop = loopOf(step, round);
    if (round.failure) loop.state.error ??= round.failure.error;
    if (!round.failure && loop.state.collected) {
      loop.state.ending.set(round.iteration!, round);
      askFields(loop, round.iteration!, ['collect'], round.data);
      return;
    }
    over(loop, round);
    askTurn(loop);
  },
};

/** One is enough for all rounds that end meanwhile. */
function askTurn(loop: Loop): void {
  if (loop.state.hasTurn) return;
  loop.state.hasTurn = true;
  askFor(loop, { token: turn, want: 'turn' });
}

/** JSONata's lists of one item come as the item; nothing is a list of none. */
function itemsOf(items: unknown): readonly unknown[] {
  if (items === undefined || items === null) return [];
  return Array.isArray(items) ? items : [items];
}

function collect(loop: Loop, iteration: number, answer: unknown): void {
  const { state } = loop;
  const found = (answer as { readonly collect?: unknown } | undefined)?.collect;
  if (answer !== undefined) state.collected![iteration] = found ?? null;
  over(loop, state.ending.get(iteration)!);
  state.ending.delete(iteration);
}

function over(loop: Loop, round: Frame): void {
  loop.state.last = round.outputs;
  dropRound(loop, round);
}

function goOn(loop: Loop): void {
  const { state, planned } = loop;
  const { parallel = 1 } = planned.settings as { readonly parallel?: number };
  const items = state.items!;
  while (!state.error && state.running + state.ending.size < parallel && state.begun < items.length) {
    const index = state.begun;
    beginRound(loop, { item: items[index], index, count: items.length });
    // An empty round is over at once, and the next one waits for its turn.
    if (state.running === 0) return;
  }
  if (state.running > 0 || state.ending.size > 0 || state.hasTurn) return;
  if (state.error) failLoop(loop, state.error);
  else if (state.begun === items.length) finishLoop(loop);
}
