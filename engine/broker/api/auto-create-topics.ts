import { apis } from '../../protocol/api-keys.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { offsetsTopicName } from '../../protocol/system-topics.ts';
import { awaitBrokers, awaitTopics } from './metadata-wait.ts';
import type { BrokerServices } from './services.ts';

/** Answers of the controller after which the client shall ask again: too few brokers have registered so far. */
const passing = new Set<number>([errorCode.NONE, errorCode.TOPIC_ALREADY_EXISTS, errorCode.INVALID_REPLICATION_FACTOR]);

/** Longest wait for the controller to create a topic that was asked for. */
const creationWaitMsMax = 5_000;

/**
 * Asks the controller for the topics and waits until this broker knows them; returns the error to answer for each that it
 * does not.
 */
export async function createTopics(names: readonly string[], broker: BrokerServices): Promise<Map<string, ErrorCode>> {
  const codes = new Map<string, ErrorCode>(names.map((name) => [name, errorCode.LEADER_NOT_AVAILABLE]));
  const { settings } = broker;
  const topics = [...new Set(names)].map((name) => {
    const isOffsets = name === offsetsTopicName;
    return {
      name,
      numPartitions: isOffsets ? settings.offsetsTopicNumPartitions : settings.numPartitions,
      replicationFactor: isOffsets ? settings.offsetsTopicReplicationFactor : settings.defaultReplicationFactor,
      assignments: [],
      configs: isOffsets ? offsetsTopicConfigs : [],
    };
  });
  try {
    await awaitBrokers(broker, Math.max(...topics.map(({ replicationFactor }) => replicationFactor)));
    const timeoutMs = creationWaitMsMax;
    const response = await broker.controller.submit(apis.createTopics, { topics, timeoutMs }, { timeoutMs });
    for (const { name, errorCode: code } of response.topics) if (!passing.has(code)) codes.set(name, code as ErrorCode);
    await awaitTopics(
      broker,
      topics.map(({ name }) => name).filter((name) => codes.get(name) === errorCode.LEADER_NOT_AVAILABLE),
    );
  } catch (error) {
    // The client asks again; the topic may exist by then.
    broker.log.warn('could not create topics on request', { names, error });
  }
  return codes;
}

/** As Kafka makes its offsets topic: compacted, small segments, no compression by the broker. */
const offsetsTopicConfigs = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'segment.bytes', value: String(100 * 1_048_576) },
  { name: 'compression.type', value: 'producer' },
];
