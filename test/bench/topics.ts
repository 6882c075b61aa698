import { Admin } from '@platformatic/kafka';
import { until } from '../kit/until.ts';

/** Creates a topic with three replicas and waits until every partition has a leader and a full in-sync set. */
export async function createTopic(bootstrap: string, topic: string, partitions: number): Promise<void> {
  const admin = new Admin({
    clientId: 'bench-admin',
    bootstrapBrokers: bootstrap.split(','),
    retries: 20,
    retryDelay: 100,
  });
  try {
    await admin.createTopics({ topics: [topic], partitions, replicas: 3 });
    await until(`${topic} has all its replicas in sync`, async () => {
      const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
      const rows = Object.values(metadata.topics.get(topic)?.partitions ?? {});
      return rows.length === partitions && rows.every((row) => row.leader >= 0 && row.isr.length === 3);
    });
  } finally {
    await admin.close();
  }
}
