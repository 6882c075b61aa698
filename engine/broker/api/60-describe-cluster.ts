import { errorCode } from '../../protocol/error-codes.ts';
import { describeClusterRequest, describeClusterResponse } from '../../protocol/schemas/60-describe-cluster.ts';
import { controllerForClients } from './cluster-view.ts';
import { defineHandler } from './handler.ts';

/*
 * DescribeCluster 0-2.
 * - Lists brokers in service; fenced ones too when version 2 asks for them (KIP-1073).
 * - Only the broker endpoint type (1) is served here; another is UNSUPPORTED_ENDPOINT_TYPE.
 * - Not implemented: authorized operations (there are no ACLs yet); the field keeps its "not asked" value.
 */

const brokerEndpoint = 1;

export const describeClusterHandler = defineHandler(
  describeClusterRequest,
  describeClusterResponse,
  (request, { broker }) => {
    const view = broker.metadata();
    const shown = [...view.brokers.values()]
      .filter(({ fenced }) => !fenced || request.includeFencedBrokers)
      .sort((a, b) => a.id - b.id);
    if (request.endpointType !== brokerEndpoint)
      return {
        errorCode: errorCode.UNSUPPORTED_ENDPOINT_TYPE,
        errorMessage: `expected endpoint type ${brokerEndpoint} (brokers), found ${request.endpointType}`,
        endpointType: request.endpointType,
        clusterId: broker.clusterId,
        brokers: [],
        throttleTimeMs: 0,
      };
    return {
      throttleTimeMs: 0,
      errorCode: errorCode.NONE,
      endpointType: brokerEndpoint,
      clusterId: broker.clusterId,
      controllerId: controllerForClients(view, broker.activeControllerId(), broker.brokerId),
      brokers: shown.map(({ id, host, port, rack, fenced }) => ({ brokerId: id, host, port, rack, isFenced: fenced })),
    };
  },
);
