import { isTrue } from '../../expressions/values/values.ts';
import type { JobError } from '../../spi/runtime.ts';
import type { Delay } from '../events.ts';
import type { Frame } from '../job.ts';
import type { Element } from './element.ts';
import type { Loop } from './loop.ts';
import { askFields, askFor, beginRound, dropRound, failLoop, lateFields, loopAt, loopOf, roundEnded } from './loop.ts';

/** Tokens: whether to try again, and that the wait is over. */
const again = 0;
const waited = 1;

/**
 * Repeat on error: what is inside is tried until it goes well, waiting longer from one try to the next, for so many tries at most (J32). It
 * fails with its last failure. Its output is that of a scope, and the number of tries.
 */
export const repeatOnError: Element = {
  enter(step, frame, slot) {
    attempt(loopAt(step, frame, slot));
  },
  answered(step, frame, slot, answer) {
    const loop = loopAt(step, frame, slot);
    if (!answer.ok) failLoop(loop, answer.error);
    else if (answer.token === waited) attempt(loop);
    else if (isTrue((answer.answer as { readonly until?: unknown }).until)) failLoop(loop, loop.state.error!);
    else wait(loop);
  },
  ended(step, round) {
    if (!roundEnded(step, round)) return;
    const loop = loopOf(step, round);
    if (!round.failure) {
      step.flow.finish(step, loop.frame, loop.slot, { ...round.outputs, attempts: loop.state.begun });
      return;
    }
    loop.state.error = round.failure.error;
    dropRound(loop, round);
    if (isLast(loop, round.failure.error)) failLoop(loop, round.failure.error);
    else askAgain(loop, round);
  },
};

/** The last one stays among the job's frames: it is what the loop gave. */
function attempt(loop: Loop): void {
  const { state } = loop;
  beginRound(loop, { attempt: state.begun + 1, ...(state.error ? { error: state.error } : {}) });
}

function isLast({ planned, state }: Loop, error: JobError): boolean {
  const { attempts = 3, which = 'all' } = planned.settings as { readonly attempts?: number; readonly which?: string };
  return state.begun >= attempts || (which === 'retriable' && !error.retriable);
}

function askAgain(loop: Loop, round: Frame): void {
  const fields = lateFields(loop, 'until');
  const attempt = { attempt: loop.state.begun, error: loop.state.error };
  if (fields.length)
    askFields(loop, again, fields, { ...round.data, [loop.planned.id]: attempt, error: loop.state.error });
  else wait(loop);
}

function wait(loop: Loop): void {
  askFor(loop, { token: waited, want: 'delay', delay: delayBefore(loop) });
}

/** Before the second try the first delay, then each time so many times as long, up to the longest. */
function delayBefore({ planned, state }: Loop): Delay {
  const {
    delayMs = 0,
    factor = 2,
    delayMsMax = 60_000,
    jitter = 0,
  } = planned.settings as Readonly<Record<string, number>>;
  return { ms: Math.min(delayMs * factor ** (state.begun - 1), delayMsMax), jitter };
}
