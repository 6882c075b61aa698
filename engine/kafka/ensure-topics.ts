import { MillraceError } from '../base/errors.ts';
import { KafkaAdmin } from './admin.ts';
import type { KafkaConnection } from './connection.ts';

/** How often a created topic is looked for before its leaders are known. */
const lookAttemptsMax = 20;

/** On a connection with `createsTopics`, creates those of `topics` that are missing, with the cluster's own defaults. */
export async function ensureTopics(connection: KafkaConnection, topics: readonly string[]): Promise<void> {
  if (!connection.settings.createsTopics) return;
  const admin = new KafkaAdmin(connection);
  try {
    const known = new Set(await admin.listTopics({ includeInternal: true }));
    for (const topic of topics) {
      if (known.has(topic)) continue;
      await create(admin, topic);
      connection.host.log.info('created a topic that was missing', { topic });
      await untilReady(admin, connection, topic);
    }
  } finally {
    await admin.close();
  }
}

async function create(admin: KafkaAdmin, name: string): Promise<void> {
  try {
    await admin.createTopic({ name });
  } catch (error) {
    // Two processes of a run may start at once.
    if (!(error instanceof MillraceError) || error.code !== 'KAFKA_TOPIC_ALREADY_EXISTS') throw error;
  }
}

/** A new topic is known to the controller first and to every broker a moment later. */
async function untilReady(admin: KafkaAdmin, connection: KafkaConnection, topic: string): Promise<void> {
  for (let attempt = 1; attempt <= lookAttemptsMax; attempt++) {
    const described = await admin.describeTopic(topic).catch(() => undefined);
    if (described?.partitions.every(({ leader }) => leader >= 0)) return;
    await new Promise<void>((resolve) => {
      connection.host.clock.after(connection.backoffMs(attempt), resolve);
    });
  }
}
