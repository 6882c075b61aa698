import { apis } from '../../protocol/api-keys.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { retried } from './admin-context.ts';
import type { TopicDescription } from './descriptions.ts';
import { listOffsetsSurely, offsetMark } from './list-offsets.ts';

const topicResource = 2;
/** Where a config value comes from: 1 is the topic's own (KIP-226). */
const topicConfigSource = 1;

/** A topic's partitions with their offsets, and the configuration that it has of its own. */
export async function describeTopic(context: AdminContext, name: string): Promise<TopicDescription> {
  const found = (await context.client.metadata.require([name], { fresh: true })).get(name)!;
  if (found instanceof Error) throw found;
  const asked = found.partitions.map((_, partition) => ({ topic: name, partition }));
  const [starts, ends, config] = await Promise.all([
    listOffsetsSurely(context, asked, offsetMark.earliest),
    listOffsetsSurely(context, asked, offsetMark.latest),
    topicConfig(context, name),
  ]);
  const partitions = found.partitions.map(({ leader, replicas, isr }, partition) => ({
    partition,
    leader,
    replicas,
    isr,
    startOffset: starts.get(name)?.get(partition) ?? -1,
    endOffset: ends.get(name)?.get(partition) ?? -1,
  }));
  return { name, id: found.id, partitions, config };
}

function topicConfig(context: AdminContext, name: string): Promise<Record<string, string>> {
  const resources = [{ resourceType: topicResource, resourceName: name, configurationKeys: null }];
  return retried(context, async () => {
    const { results } = await context.client.requestAny(apis.describeConfigs, { resources });
    const row = results[0];
    if (row && row.errorCode !== 0) throw protocolFault(row.errorCode, row.errorMessage);
    const set = (row?.configs ?? []).filter(({ configSource }) => configSource === topicConfigSource);
    return Object.fromEntries(set.map(({ name: key, value }) => [key, value ?? '']));
  });
}
