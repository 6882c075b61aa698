import type { Admin } from '@platformatic/kafka';
import type { PartitionDescription } from './admin.ts';
import type { KafkaConnection } from './connection.ts';

/** A topic of a listing. Offsets are -1, and the size undefined, where the cluster did not tell. */
export interface ListedTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly PartitionDescription[];
  /** Bytes on the disks of all replicas together. */
  readonly sizeBytes: number | undefined;
}

/** Topics whose offsets are asked for at once when asking for all of them together failed. */
const singleAsksMax = 4;

/**
 * Every topic with its partitions, offsets and size, in a handful of requests however many topics there are. A partition
 * without a leader costs only its own offsets, a cluster that does not tell sizes only those. Rejects when no broker answers.
 */
export async function listTopicsInFull(connection: KafkaConnection, client: Admin): Promise<ListedTopic[]> {
  try {
    const names = await client.listTopics({ includeInternals: true });
    if (names.length === 0) return [];
    const metadata = await client.metadata({ topics: names, forceUpdate: true });
    // A topic that was deleted between the two questions has no entry behind its name.
    const topics = [...metadata.topics].filter(([, topic]) => topic !== undefined);
    const counts = new Map(topics.map(([name, topic]) => [name, topic.partitionsCount]));
    const [starts, ends, sizes] = await Promise.all([
      offsetsOf(client, counts, -2n),
      offsetsOf(client, counts, -1n),
      sizesOf(client, counts),
    ]);
    return topics
      .map(([name, { id, partitions }]) => ({
        name,
        id,
        sizeBytes: sizes?.get(name),
        partitions: partitions.map(({ leader, replicas, isr }, partition) => ({
          partition,
          leader,
          replicas,
          isr,
          startOffset: starts.get(name)?.get(partition) ?? -1,
          endOffset: ends.get(name)?.get(partition) ?? -1,
        })),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw connection.error(error, 'list topics');
  }
}

type Offsets = Map<string, Map<number, number>>;

async function offsetsOf(client: Admin, counts: ReadonlyMap<string, number>, timestamp: bigint): Promise<Offsets> {
  const names = [...counts.keys()];
  const all = await askOffsets(client, counts, names, timestamp).catch(() => undefined);
  if (all) return all;
  const found: Offsets = new Map();
  const waiting = [...names];
  const askNext = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const one = await askOffsets(client, counts, [name], timestamp).catch(() => undefined);
      for (const [topic, offsets] of one ?? []) found.set(topic, offsets);
    }
  };
  await Promise.all(Array.from({ length: singleAsksMax }, askNext));
  return found;
}

async function askOffsets(
  client: Admin,
  counts: ReadonlyMap<string, number>,
  names: readonly string[],
  timestamp: bigint,
): Promise<Offsets> {
  const topics = names.map((name) => ({
    name,
    partitions: Array.from({ length: counts.get(name) ?? 0 }, (_, partitionIndex) => ({ partitionIndex, timestamp })),
  }));
  const listed = await client.listOffsets({ topics });
  return new Map(
    listed.map(({ name, partitions }) => [
      name,
      new Map(partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)])),
    ]),
  );
}

/** Undefined when the cluster does not serve DescribeLogDirs, or not to this user. */
async function sizesOf(client: Admin, counts: ReadonlyMap<string, number>): Promise<Map<string, number> | undefined> {
  const topics = [...counts].map(([name, count]) => ({
    name,
    partitions: Array.from({ length: count }, (_, index) => index),
  }));
  const described = await client.describeLogDirs({ topics }).catch(() => undefined);
  if (!described) return undefined;
  const sizes = new Map<string, number>();
  for (const { results } of described) {
    for (const result of results) {
      for (const { name, partitions } of result.topics) {
        const bytes = partitions.reduce((sum, { partitionSize }) => sum + Number(partitionSize), 0);
        sizes.set(name, (sizes.get(name) ?? 0) + bytes);
      }
    }
  }
  return sizes;
}
