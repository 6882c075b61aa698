import { errorCode } from '../../../protocol/error-codes.ts';
import { clusterResource } from '../../security/authorizer.ts';
import type { Exchange } from './exchange.ts';
import type { StepIn } from './step.ts';

/** Refuses the APIs between brokers to anybody else. */
export const admit: StepIn = (exchange) => {
  const { route, request, apiVersion } = exchange;
  if (!route || !isForBrokers(exchange) || exchange.authorize('clusterAction', clusterResource)) return 'next';
  exchange.response = route.handler.refuse(request, errorCode.CLUSTER_AUTHORIZATION_FAILED, apiVersion);
  return 'answered';
};

function isForBrokers({ route }: Exchange): boolean {
  return route?.api.audience === 'internal';
}
