import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { BrowsedThing } from '../../../engine/spi/runtime.ts';

/** Asks the cluster who it is; a few words about what answered. Rejects with why nobody did. */
export function probeCluster(connection: KafkaConnection): Promise<string> {
  return withAdmin(connection, async (admin) => {
    const { brokers, controllerId } = await admin.describeCluster();
    const count = `${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}`;
    return `${count} at ${brokers.map(({ address }) => address).join(', ')}; controller ${controllerId}`;
  });
}

/** The topics of the cluster, sorted. */
export function browseTopics(connection: KafkaConnection): Promise<readonly BrowsedThing[]> {
  return withAdmin(connection, async (admin) =>
    (await admin.listTopicsInFull()).map(({ name, partitions }) => ({
      name,
      note: `${partitions.length} ${partitions.length === 1 ? 'partition' : 'partitions'}`,
      isInternal: name.startsWith('__'),
    })),
  );
}

async function withAdmin<T>(connection: KafkaConnection, ask: (admin: KafkaAdmin) => Promise<T>): Promise<T> {
  const admin = new KafkaAdmin(connection);
  try {
    return await ask(admin);
  } finally {
    await admin.close();
  }
}
