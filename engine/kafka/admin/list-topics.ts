import { apis } from '../../protocol/api-keys.ts';
import type { MetadataResponse } from '../../protocol/schemas/03-metadata.ts';
import type { AdminContext } from './admin-context.ts';

/** Every topic of the cluster, as one answer. Topics that a broker is just losing have an error and are left out. */
export async function allTopics({ client }: AdminContext): Promise<MetadataResponse['topics']> {
  const { topics, brokers } = await client.requestAny(apis.metadata, { topics: null, allowAutoTopicCreation: false });
  for (const { nodeId, host, port } of brokers) client.metadata.noteBroker(nodeId, { host, port });
  return topics.filter(({ name, partitions }) => name !== null && partitions.length > 0);
}

/** Topic names, sorted. */
export async function listTopics(context: AdminContext, includeInternal: boolean): Promise<string[]> {
  const topics = await allTopics(context);
  return topics
    .filter(({ isInternal }) => includeInternal || !isInternal)
    .map(({ name }) => name!)
    .sort();
}
