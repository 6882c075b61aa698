import type { StepOut } from './step.ts';

/** Counts the request, its time and the errors of its response. */
export const count: StepOut = ({ parts, route, apiKey, response, startedMs }) => {
  if (route) parts.metrics.answered(apiKey, route.handler.response, response, parts.clock.monotonic() - startedMs);
};
