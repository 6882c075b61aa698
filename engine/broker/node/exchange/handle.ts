import type { Reply } from '../../api/handler.ts';
import type { Exchange } from './exchange.ts';

/** Hands the request to the handler. The exchange lets go of it: what a response waits for need not hold records. */
export function handle(exchange: Exchange): Reply<unknown> {
  const { route, request } = exchange;
  exchange.request = undefined;
  return route?.handler.handle(request, exchange, route.services);
}
