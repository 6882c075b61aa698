import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { clusterMetadataTopicName } from '../../protocol/system-topics.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { changeWaitMsMax } from './admin-context.ts';

/** A partition with a replica on the broker that goes. */
interface Held {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
}

/** Looks between two counts of what is still held; the pauses in between grow to the connection's longest. */
const pausesMax = 4;

/**
 * Moves every replica from a broker to those that hold fewest, or takes it away where there are no others, and takes the broker out of
 * the voters. Resolves when it holds nothing more, however long that takes; `note` hears how much is left.
 */
export async function drainBroker(
  context: AdminContext,
  brokerId: number,
  note: (text: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const held = await heldBy(context, brokerId);
    if (held.partitions.length === 0) break;
    note(`${held.partitions.length} replicas are still on broker ${brokerId}`);
    if (attempt === 1) await moveAway(context, brokerId, held);
    await context.connection.pause(Math.min(attempt, pausesMax));
  }
  await removeVoter(context, brokerId);
}

/** Takes a broker that has ended out of the metadata for good. */
export async function unregisterBroker({ client }: AdminContext, brokerId: number): Promise<void> {
  const answer = await client.requestController(
    apis.unregisterBroker,
    { brokerId },
    { isNotController: ({ errorCode: code }) => code === errorCode.NOT_CONTROLLER },
  );
  if (answer.errorCode !== errorCode.NONE && answer.errorCode !== errorCode.BROKER_ID_NOT_REGISTERED)
    throw protocolFault(answer.errorCode, answer.errorMessage);
}

async function heldBy({ client }: AdminContext, brokerId: number) {
  const answer = await client.requestController(apis.metadata, { topics: null, allowAutoTopicCreation: false });
  const counts = new Map(answer.brokers.map(({ nodeId }) => [nodeId, 0]));
  const partitions: Held[] = [];
  for (const { name, partitions: rows } of answer.topics)
    for (const { partitionIndex, replicaNodes } of rows) {
      for (const id of replicaNodes) counts.set(id, (counts.get(id) ?? 0) + 1);
      if (name !== null && replicaNodes.includes(brokerId))
        partitions.push({ topic: name, partition: partitionIndex, replicas: replicaNodes });
    }
  counts.delete(brokerId);
  return { partitions, counts };
}

async function moveAway(
  { client }: AdminContext,
  brokerId: number,
  { partitions, counts }: { readonly partitions: readonly Held[]; readonly counts: Map<number, number> },
): Promise<void> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, held]) => ({
    name,
    partitions: held.map(({ partition, replicas }) => ({
      partitionIndex: partition,
      replicas: withoutBroker(replicas, brokerId, counts),
    })),
  }));
  const answer = await client.requestController(
    apis.alterPartitionReassignments,
    { topics, timeoutMs: changeWaitMsMax },
    { isNotController: ({ errorCode: code }) => code === errorCode.NOT_CONTROLLER },
  );
  const rows = [answer, ...answer.responses.flatMap((row) => row.partitions)];
  const failed = rows.find((row) => row.errorCode !== errorCode.NONE);
  if (failed) throw protocolFault(failed.errorCode, failed.errorMessage);
}

/** The replicas with the broker that holds fewest in place of the one that goes; without it where all others hold the partition. */
function withoutBroker(replicas: readonly number[], brokerId: number, counts: Map<number, number>): number[] {
  const others = [...counts].filter(([id]) => !replicas.includes(id)).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const next = others[0]?.[0];
  if (next === undefined) return replicas.filter((id) => id !== brokerId);
  counts.set(next, (counts.get(next) ?? 0) + 1);
  return replicas.map((id) => (id === brokerId ? next : id));
}

async function removeVoter({ client }: AdminContext, brokerId: number): Promise<void> {
  const topics = [{ topicName: clusterMetadataTopicName, partitions: [{ partitionIndex: 0 }] }];
  const quorum = await client.requestController(apis.describeQuorum, { topics });
  const voters = quorum.topics[0]?.partitions[0]?.currentVoters ?? [];
  const voter = voters.find(({ replicaId }) => replicaId === brokerId);
  if (!voter) return;
  const request = { clusterId: null, voterId: brokerId, voterDirectoryId: voter.replicaDirectoryId };
  const answer = await client.requestController(apis.removeRaftVoter, request, {
    isNotController: ({ errorCode: code }) => code === errorCode.NOT_CONTROLLER,
  });
  if (answer.errorCode !== errorCode.NONE) throw protocolFault(answer.errorCode, answer.errorMessage);
}
