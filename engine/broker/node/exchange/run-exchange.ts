import { admit } from './admit.ts';
import { authenticate } from './authenticate.ts';
import { count } from './count.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Exchange } from './exchange.ts';
import { handle } from './handle.ts';
import { hangUp } from './hang-up.ts';
import type { StepIn, StepOut } from './step.ts';
import { throttle } from './throttle.ts';

/** What every request goes through, in order. */
const stepsIn: readonly StepIn[] = [authenticate, decode, admit];
const stepsOut: readonly StepOut[] = [throttle, count, encode, hangUp];

/** Takes a request through its steps; a handler that answers later holds up no other. */
export function runExchange(exchange: Exchange, frame: Buffer): void {
  try {
    for (const step of stepsIn) {
      const outcome = step(exchange, frame);
      if (outcome === 'over') return;
      if (outcome === 'answered') {
        leave(exchange);
        return;
      }
      if (outcome === 'late') {
        exchange.parts.clock.after(exchange.parts.login.failureDelayMs, () => leave(exchange));
        return;
      }
    }
    const reply = handle(exchange);
    if (reply instanceof Promise) {
      void leaveLater(exchange, reply);
      return;
    }
    exchange.response = reply;
    leave(exchange);
  } catch (error) {
    exchange.fail(error);
  }
}

async function leaveLater(exchange: Exchange, reply: Promise<unknown>): Promise<void> {
  try {
    exchange.response = await reply;
    leave(exchange);
  } catch (error) {
    exchange.fail(error);
  }
}

function leave(exchange: Exchange): void {
  for (const step of stepsOut) step(exchange);
}
