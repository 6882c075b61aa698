import { apis } from '../../protocol/api-keys.ts';
import type { AdminContext } from './admin-context.ts';

/** Marks of ListOffsets in place of a time. */
export const offsetMark = { latest: -1, earliest: -2 } as const;

/** A partition whose offset is asked for. */
export interface PartitionAsked {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
}

/** Offsets by topic and partition; partitions that nobody told about are missing. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * Offsets of partitions at a mark or time, with one request to each leader. A partition with an error, or whose leader does not
 * answer, is only left out itself.
 */
export async function listOffsets(
  { client, connection }: AdminContext,
  partitions: readonly PartitionAsked[],
  timestamp: number,
): Promise<Offsets> {
  const found = new Map<string, Map<number, number>>();
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader);
  byLeader.delete(-1);
  const askLeader = async (leader: number, asked: readonly PartitionAsked[]) => {
    const topics = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, rows]) => ({
      name,
      partitions: rows.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
    }));
    const answer = await client.request(leader, apis.listOffsets, {
      replicaId: -1,
      isolationLevel: 0,
      topics,
      timeoutMs: 0,
    });
    for (const { name, partitions: rows } of answer.topics) {
      const offsets = found.get(name) ?? new Map<number, number>();
      found.set(name, offsets);
      for (const { partitionIndex, errorCode, offset } of rows)
        if (errorCode === 0) offsets.set(partitionIndex, offset);
    }
  };
  const asks = [...byLeader].map(([leader, asked]) =>
    askLeader(leader, asked).catch((error) => {
      connection.host.log.debug('offsets of a leader are left out', { leader, error: String(error) });
    }),
  );
  await Promise.all(asks);
  return found;
}

/** Tries until every partition with a leader has told: a leader that is new in office refuses for a moment. */
const triesMax = 5;

/** The same for few partitions, with their leaders found out, and asked again while some do not tell. */
export async function listOffsetsSurely(
  context: AdminContext,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
  timestamp: number,
): Promise<Offsets> {
  const { client, connection } = context;
  const found = new Map<string, Map<number, number>>();
  let missing = partitions;
  for (let attempt = 1; missing.length > 0; attempt++) {
    const topics = [...new Set(missing.map(({ topic }) => topic))];
    await client.metadata.require(topics, { fresh: attempt > 1 });
    const asked = missing.map(({ topic, partition }) => {
      const leader = client.metadata.topic(topic)?.partitions[partition]?.leader ?? -1;
      return { topic, partition, leader };
    });
    for (const [topic, offsets] of await listOffsets(context, asked, timestamp))
      found.set(topic, new Map([...(found.get(topic) ?? []), ...offsets]));
    missing = asked.filter(({ topic, partition, leader }) => leader >= 0 && !found.get(topic)?.has(partition));
    if (attempt >= triesMax) break;
    if (missing.length > 0) await connection.pause(attempt);
  }
  return found;
}
