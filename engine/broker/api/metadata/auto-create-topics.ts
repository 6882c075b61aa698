import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { RequestContext } from '../handler.ts';
import type { BrokerServices } from '../services.ts';
import { internalTopicOf } from './internal-topic.ts';
import { awaitBrokers, awaitTopics } from './metadata-wait.ts';

/** Answers of the controller after which the client shall ask again: too few brokers have registered so far. */
const passing = new Set<number>([errorCode.NONE, errorCode.TOPIC_ALREADY_EXISTS, errorCode.INVALID_REPLICATION_FACTOR]);

/** What the creation of topics on request needs. */
export type CreationServices = Pick<BrokerServices, 'controller' | 'log' | 'quorum' | 'settings'>;

/** Longest wait for the controller to create a topic that was asked for. */
const creationWaitMsMax = 5_000;

/** Topics that one request may bring into being by asking for them. The rest are unknown to it; CreateTopics makes as many as one likes. */
export const autoCreatedTopicsPerRequestMax = 100;
/** The last version of CreateTopics whose clients are not told that their quota is used up. */
const lastPermissiveVersion = 5;
/** Names that a log line shows. */
const loggedNamesMax = 10;

/** What came of asking. */
export interface CreatedTopics {
  readonly codes: ReadonlyMap<string, ErrorCode>;
  /** How long the controller wants the client to wait, in ms. */
  readonly throttleTimeMs: number;
}

/**
 * Asks the controller for the topics and waits until this broker knows them; returns the error to answer for each that it
 * does not. Names come once. Beyond `autoCreatedTopicsPerRequestMax` none is created. The client who asks is charged for them,
 * but never refused (KIP-599).
 */
export async function createTopics(
  asked: readonly string[],
  broker: CreationServices,
  { principal, clientId }: Pick<RequestContext, 'principal' | 'clientId'>,
): Promise<CreatedTopics> {
  const names = asked.slice(0, autoCreatedTopicsPerRequestMax);
  if (names.length < asked.length)
    broker.log.warn('a request asks for too many topics that do not exist; the rest are not created', {
      asked: asked.length,
      createdMax: autoCreatedTopicsPerRequestMax,
      ...someOf(asked),
    });
  const codes = new Map<string, ErrorCode>(names.map((name) => [name, errorCode.LEADER_NOT_AVAILABLE]));
  const topics = names.map((name) => newTopicOf(name, broker));
  let throttleTimeMs = 0;
  try {
    await awaitBrokers(broker.quorum, Math.max(...topics.map(({ replicationFactor }) => replicationFactor)));
    const timeoutMs = creationWaitMsMax;
    const client = { principal, clientId, apiVersion: lastPermissiveVersion };
    const response = await broker.controller.submit(apis.createTopics, { topics, timeoutMs }, { timeoutMs, client });
    throttleTimeMs = response.throttleTimeMs;
    for (const { name, errorCode: code } of response.topics) if (!passing.has(code)) codes.set(name, code as ErrorCode);
    await awaitTopics(
      broker.quorum,
      names.filter((name) => codes.get(name) === errorCode.LEADER_NOT_AVAILABLE),
    );
  } catch (error) {
    // The client asks again; the topic may exist by then.
    broker.log.warn('could not create topics on request', { ...someOf(names), error });
  }
  return { codes, throttleTimeMs };
}

/** Names for a log line, which must not grow with what a client sends. */
function someOf(names: readonly string[]) {
  return { names: names.slice(0, loggedNamesMax), more: Math.max(0, names.length - loggedNamesMax) };
}

function newTopicOf(name: string, { settings }: CreationServices) {
  return (
    internalTopicOf(name, settings) ?? {
      name,
      numPartitions: settings.numPartitions,
      replicationFactor: settings.defaultReplicationFactor,
      assignments: [],
      configs: [],
    }
  );
}
