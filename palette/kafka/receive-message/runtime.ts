import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import declaration from './activity.ts';
import { MessageStarter } from './message-starter.ts';

/** Starts a job per record; offsets are committed in order after their jobs have ended well. */
export const runtime = starterRuntime(declaration, async (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  await ensureTopics(connection, config.topics);
  const settings = {
    groupId: config.groupId,
    topics: config.topics,
    startAt: config.startFrom,
    fetchMinBytes: config.fetchMinBytes,
    fetchWaitMsMax: config.fetchWaitMsMax,
    partitionFetchBytesMax: config.partitionFetchBytesMax,
    partitionQueueRecordsMax: config.recordsPerFetchMax,
    sessionWaitMsMax: config.sessionTimeoutMs,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    commitIntervalMs: config.commitIntervalMs,
    partitionRecordsInFlightMax: config.ordering === 'partition' ? 1 : Number.POSITIVE_INFINITY,
  };
  return new MessageStarter(config, host, (readable) => new GroupConsumer(connection, settings, { readable }));
});
