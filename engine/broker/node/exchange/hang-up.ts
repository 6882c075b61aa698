import type { StepOut } from './step.ts';

/** Closes the connection whose last answer this was. */
export const hangUp: StepOut = (exchange) => {
  const { closing } = exchange;
  if (closing !== undefined) exchange.drop(closing, {});
};
