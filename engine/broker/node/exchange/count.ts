import type { StepOut } from './step.ts';

/** Counts the request, its time and the errors of its response. */
export const count: StepOut = (exchange) => {
  const { parts, route, startedMs } = exchange;
  if (route) parts.metrics.answered(exchange, route.handler.response, parts.clock.monotonic() - startedMs);
};
