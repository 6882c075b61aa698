import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { describeClusterRequest, describeClusterResponse } from '../../../protocol/schemas/60-describe-cluster.ts';
import { operationsNotAsked } from '../../security/authorized-operations.ts';
import { clusterOperations } from '../authorization/cluster-operations.ts';
import { defineHandler } from '../handler.ts';
import { controllerForClients, viewThrough } from '../metadata/cluster-view.ts';

/*
 * DescribeCluster 0-2.
 * - Lists brokers in service; fenced ones too when version 2 asks for them (KIP-1073).
 * - Each as clients of the listener that was asked reach it; brokers without that listener are left out.
 * - Only the broker endpoint type (1) is served here: MISMATCHED_ENDPOINT_TYPE for controllers (2), UNSUPPORTED_ENDPOINT_TYPE
 *   for others (KIP-919).
 * - Authorized operations when asked for; none for who may not DESCRIBE the cluster.
 */

const endpointTypes = { broker: 1, controller: 2 } as const;

export const describeClusterHandler = defineHandler(describeClusterRequest, describeClusterResponse, {
  needs: ['activeControllerId', 'brokerId', 'clusterId', 'metadata'],
  handle: (request, context, broker) => {
    const { endpointType, includeFencedBrokers, includeClusterAuthorizedOperations: isAsked } = request;
    if (endpointType === endpointTypes.controller)
      return refused(
        errorCode.MISMATCHED_ENDPOINT_TYPE,
        'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
      );
    if (endpointType !== endpointTypes.broker)
      return refused(errorCode.UNSUPPORTED_ENDPOINT_TYPE, `Unsupported endpoint type ${endpointType}`);
    const view = viewThrough(broker.metadata(), context.session.listener);
    const shown = [...view.brokers.values()]
      .filter(({ fenced }) => !fenced || includeFencedBrokers)
      .sort((a, b) => a.id - b.id);
    return {
      errorCode: errorCode.NONE,
      endpointType: endpointTypes.broker,
      clusterId: broker.clusterId,
      controllerId: controllerForClients(view, broker.activeControllerId(), broker.brokerId),
      brokers: shown.map(({ id, host, port, rack, fenced }) => ({ brokerId: id, host, port, rack, isFenced: fenced })),
      clusterAuthorizedOperations: isAsked ? clusterOperations(context) : operationsNotAsked,
    };
  },
});

function refused(code: ErrorCode, errorMessage: string) {
  return {
    errorCode: code,
    errorMessage,
    endpointType: endpointTypes.broker,
    clusterId: '',
    brokers: [],
  };
}
