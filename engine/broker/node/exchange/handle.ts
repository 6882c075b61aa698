import type { Reply } from '../../api/handler.ts';
import type { Exchange } from './exchange.ts';

/**
 * Hands the request to the handler. The exchange lets go of it, unless the answer may be exchanged for a smaller one: what a
 * response waits for need not hold records.
 */
export function handle(exchange: Exchange): Reply<unknown> {
  const { route, request, parts } = exchange;
  if (!route?.handler.shed) exchange.request = undefined;
  const reply = route?.handler.handle(request, exchange, route.services);
  if (parts.quotas.timesRequests) exchange.threadMs = parts.clock.monotonic() - exchange.startedMs;
  return reply;
}
