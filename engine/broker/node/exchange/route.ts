import type { Api } from '../../../protocol/api-keys.ts';
import { apiOf } from '../../../protocol/api-keys.ts';
import type { ApiHandler } from '../../api/handler.ts';
import type { BrokerServices } from '../../api/services.ts';

/** A handler with what it is lent. */
export interface Route {
  readonly api: Api;
  readonly handler: ApiHandler;
  /** The services that it named, and no others. */
  readonly services: Partial<BrokerServices>;
  readonly hasThrottleTime: boolean;
}

/** The handlers by the key of their API, each with the services that it names. */
export function routesOf(handlers: readonly ApiHandler[], services: BrokerServices): ReadonlyMap<number, Route> {
  return new Map(
    handlers.flatMap((handler): [number, Route][] => {
      const api = apiOf(handler.key);
      if (!api) return [];
      const lent = Object.fromEntries(handler.needs.map((name) => [name, services[name]]));
      const hasThrottleTime = handler.response.fields.throttleTimeMs !== undefined;
      return [[handler.key, { api, handler, services: lent, hasThrottleTime }]];
    }),
  );
}
