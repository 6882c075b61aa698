import { errorCode } from '../../../protocol/error-codes.ts';
import type { Exchange } from './exchange.ts';
import type { StepIn } from './step.ts';

/** Refuses the APIs between brokers to anybody else, whatever rights it has, and to everybody what needs a right that it has not. */
export const admit: StepIn = (exchange) => {
  const { route, request, apiVersion } = exchange;
  if (!route) return 'next';
  const code = isForOthers(exchange) ? errorCode.CLUSTER_AUTHORIZATION_FAILED : route.handler.right(request, exchange);
  if (code === errorCode.NONE) return 'next';
  exchange.response = route.handler.refuse(request, code, apiVersion);
  return 'answered';
};

function isForOthers({ route, isBroker }: Exchange): boolean {
  return route?.api.audience === 'internal' && !isBroker;
}
