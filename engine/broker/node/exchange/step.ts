import type { Exchange } from './exchange.ts';

/**
 * What follows a step on the way in: the next step; the answer that it has put into the exchange; or nothing, as the connection
 * closes or the step has completed the slot itself; or that answer after the wait of who could not prove itself.
 */
export type StepOutcome = 'next' | 'answered' | 'late' | 'over';

/** A step before the handler. */
export type StepIn = (exchange: Exchange, frame: Buffer) => StepOutcome;

/** A step after the handler, when the exchange has its response. */
export type StepOut = (exchange: Exchange) => void;
