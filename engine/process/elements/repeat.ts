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
  loopOf,
  roundEnded,
  tooManyRounds,
} from './loop.ts';

/** Repeat until: rounds until the condition, looked at after each of them and over what it gave, holds (J31). */
export const repeat: Element = {
  enter(step, frame, slot) {
    const loop = loopAt(step, frame, slot);
    if (lateFields(loop, 'collect').length) loop.state.collected = [];
    next(loop);
  },
  answered(step, frame, slot, answer) {
    const loop = loopAt(step, frame, slot);
    if (!answer.ok) {
      failLoop(loop, answer.error);
      return;
    }
    const { until, collect } = answer.answer as { readonly until?: unknown; readonly collect?: unknown };
    loop.state.collected?.push(collect ?? null);
    if (isTrue(until)) finishLoop(loop);
    else next(loop);
  },
  ended(step, round) {
    if (!roundEnded(step, round)) return;
    const loop = loopOf(step, round);
    loop.state.last = round.outputs;
    dropRound(loop, round);
    if (round.failure) failLoop(loop, round.failure.error);
    else askFields(loop, 0, lateFields(loop, 'until', 'collect'), round.data);
  },
};

function next(loop: Loop): void {
  const { state } = loop;
  const tooMany = tooManyRounds(loop);
  if (tooMany) failLoop(loop, tooMany);
  else beginRound(loop, { index: state.begun, ...(state.last ? { last: state.last } : {}) });
}
