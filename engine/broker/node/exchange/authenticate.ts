import type { StepIn } from './step.ts';

/** Says who asks: who the connection has proved to be. */
export const authenticate: StepIn = (exchange) => {
  exchange.principal = exchange.session.principal;
  return 'next';
};
