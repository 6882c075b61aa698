import { apis } from '../../protocol/api-keys.ts';
import { formatServerAddress } from '../server-address.ts';
import type { AdminContext } from './admin-context.ts';
import type { ClusterDescription } from './descriptions.ts';

/** Asks each broker at most once: whoever calls this wants to know now whether the cluster is there. */
export async function describeCluster({ client }: AdminContext): Promise<ClusterDescription> {
  const answer = await client.requestAny(apis.metadata, { topics: [], allowAutoTopicCreation: false }, { rounds: 1 });
  return {
    clusterId: answer.clusterId ?? '',
    controllerId: answer.controllerId,
    brokers: answer.brokers
      .map(({ nodeId, host, port }) => ({ id: nodeId, address: formatServerAddress({ host, port }) }))
      .sort((a, b) => a.id - b.id),
  };
}
