import { isTrue } from '../../expressions/values/values.ts';
import type { Element } from './element.ts';
import type { Loop } from './loop.ts';
import {
  askFields,
  beginRound,
  dropRound,
  failLoop,
  finishLoop,
  lateFields,
  loopAt,
  loopData,
  loopOf,
  roundEnded,
  tooManyRounds,
} from './loop.ts';

/** Tokens: what is asked before a round, and after one. */
const before = 0;
const after = 1;

/** While: rounds for as long as the condition, looked at before each of them, holds (J31). */
export const whileLoop: Element = {
  enter(step, frame, slot) {
    const loop = loopAt(step, frame, slot);
    if (lateFields(loop, 'collect').length) loop.state.collected = [];
    askCondition(loop);
  },
  answered(step, frame, slot, answer) {
    const loop = loopAt(step, frame, slot);
    const values = (answer.ok ? answer.answer : {}) as { readonly condition?: unknown; readonly collect?: unknown };
    if (!answer.ok) failLoop(loop, answer.error);
    else if (answer.token === after) {
      loop.state.collected!.push(values.collect ?? null);
      askCondition(loop);
    } else if (isTrue(values.condition)) next(loop);
    else finishLoop(loop);
  },
  ended(step, round) {
    if (!roundEnded(step, round)) return;
    const loop = loopOf(step, round);
    loop.state.last = round.outputs;
    dropRound(loop, round);
    if (round.failure) failLoop(loop, round.failure.error);
    else if (loop.state.collected) askFields(loop, after, ['collect'], round.data);
    else askCondition(loop);
  },
};

function selfOf({ state }: Loop): Readonly<Record<string, unknown>> {
  return { index: state.begun, ...(state.last ? { last: state.last } : {}) };
}

function askCondition(loop: Loop): void {
  askFields(loop, before, ['condition'], loopData(loop, selfOf(loop)));
}

function next(loop: Loop): void {
  const tooMany = tooManyRounds(loop);
  if (tooMany) failLoop(loop, tooMany);
  else beginRound(loop, selfOf(loop));
}
