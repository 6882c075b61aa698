import { clusterPrincipal } from '../../security/principal.ts';
import type { Exchange } from './exchange.ts';
import type { StepOut } from './step.ts';

type Response = Readonly<Record<string, unknown>>;

/**
 * Books what the request has cost. A client that exceeds a quota gets its answer at once, with the time it has to wait, and the
 * connection is not read until that is over (KIP-219). A time that the controller has asked for in a forwarded request holds too.
 */
export const throttle: StepOut = (exchange) => {
  if (exchange.principal === clusterPrincipal) return;
  const asked = (exchange.response as { readonly throttleTimeMs?: number } | undefined)?.throttleTimeMs ?? 0;
  const throttleTimeMs = Math.max(exchange.parts.quotas.charge(exchange), asked);
  if (throttleTimeMs <= 0) return;
  exchange.response = throttled(exchange, throttleTimeMs);
  exchange.encoded = undefined;
  exchange.parts.metrics.throttled(exchange.apiKey, throttleTimeMs);
  exchange.mute.hold(throttleTimeMs);
};

function throttled({ route, request, response, isShed }: Exchange, throttleTimeMs: number): unknown {
  if (response === undefined || !route?.hasThrottleTime) return response;
  const { handler, services } = route;
  const shed = isShed && handler.shed ? handler.shed(request, response, services) : response;
  return { ...(shed as Response), throttleTimeMs };
}
