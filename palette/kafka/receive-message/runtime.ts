import { MillraceError } from '../../../engine/base/errors.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { ensureTopics } from '../../../engine/kafka/ensure-topics.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import declaration from './activity.ts';
import { DeadLetters } from './dead-letters.ts';
import type { SourceListener } from './message-starter.ts';
import { MessageStarter } from './message-starter.ts';

/** Starts a job per record; offsets are committed in order after their jobs have ended well. */
export const runtime = starterRuntime(declaration, async (config, host) => {
  const connection = host.resource<KafkaConnection>(config.connection);
  const { deadLetterTopic } = config;
  if (deadLetterTopic && config.topics.includes(deadLetterTopic)) {
    const expected = 'expected a Dead-letter topic that is not read as well';
    throw new MillraceError(
      'CONFIG_INVALID',
      `${host.name}: ${expected}, found ${deadLetterTopic}: it would never end`,
    );
  }
  // One that is named is looked for now; one that takes its name from its topic is made when there is something to put there.
  await ensureTopics(connection, deadLetterTopic ? [...config.topics, deadLetterTopic] : config.topics);
  const deadLetters = new DeadLetters(connection, deadLetterTopic || undefined);
  const settings = {
    groupId: config.groupId,
    groupInstanceId: config.staticMemberId || undefined,
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
  const createSource = (listener: SourceListener) => new GroupConsumer(connection, settings, listener);
  return new MessageStarter(config, host, createSource, deadLetters);
});
