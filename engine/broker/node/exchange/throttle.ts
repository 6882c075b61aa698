import type { StepOut } from './step.ts';

/**
 * Books what the request has cost. A client that exceeds a quota gets its answer at once, with the time it has to wait, and the
 * connection is not read until that is over (KIP-219).
 */
export const throttle: StepOut = (exchange) => {
  const { parts, route, mute, response } = exchange;
  const throttleTimeMs = parts.quotas.charge(exchange);
  if (throttleTimeMs <= 0) return;
  exchange.throttleTimeMs = throttleTimeMs;
  if (response !== undefined && route?.hasThrottleTime)
    exchange.response = { ...(response as Readonly<Record<string, unknown>>), throttleTimeMs };
  mute.hold(throttleTimeMs);
};
