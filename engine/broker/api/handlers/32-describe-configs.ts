import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DescribeConfigsRequest } from '../../../protocol/schemas/32-describe-configs.ts';
import { describeConfigsRequest, describeConfigsResponse } from '../../../protocol/schemas/32-describe-configs.ts';
import { topicNameFault } from '../../controller/topics/topic-name.ts';
import { configResourceKinds, configRight } from '../authorization/config-right.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import type { ConfigServices, DescribedConfig } from '../configs/described-config.ts';
import { describeBrokerConfigs, describeGroupConfigs, describeTopicConfigs } from '../configs/described-config.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

/*
 * DescribeConfigs 1-4: answered from this broker's metadata and settings.
 * - Topics, with every setting that Kafka has; brokers, of which each describes itself; all brokers' defaults (empty name).
 * - DESCRIBE_CONFIGS on the topic, on the group, or on the cluster for the others.
 * - Only the keys asked for, if any are. 3: types, and documentation where it is asked for. Synonyms in order of precedence.
 * - An illegal topic name is INVALID_TOPIC_EXCEPTION.
 * - Broker loggers: the levels in force, each broker its own.
 * - Groups, whether they are there or not: every setting that a group may have of its own.
 * - Client metrics have no configs here: an empty list, as for something that has none set.
 */

type Asked = DescribeConfigsRequest['resources'][number];
type Result = MessageInput<typeof describeConfigsResponse>['results'][number];

/** Kinds of resources that have no configs here, with what their names are. */
const namesOfEmptyKinds: ReadonlyMap<number, string> = new Map([
  [configResourceKinds.clientMetrics, 'Client metrics subscription name'],
]);
/** Kafka's number for where a logger's level comes from. */
const brokerLoggerSource = 6;
/** Kafka's numbers for config types. */
const configTypes: Readonly<Record<DescribedConfig['type'], number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
};

export const describeConfigsHandler = defineHandler(describeConfigsRequest, describeConfigsResponse, {
  needs: ['brokerId', 'describeSettings', 'quorum', 'loggers', 'settings'],
  refuse: ({ resources }, code) => ({ results: resources.map((asked) => refused(asked, code, null)) }),
  handle: (request, context, broker) => ({
    results: request.resources.map((asked) => {
      const code = configRight('describeConfigs', asked, context);
      return code === errorCode.NONE ? describe(asked, request, broker) : refused(asked, code, refusalMessage(code));
    }),
  }),
});

function describe(
  asked: Asked,
  request: DescribeConfigsRequest,
  broker: ConfigServices & Pick<BrokerServices, 'loggers'>,
): Result {
  const { resourceType, resourceName } = asked;
  const { image } = broker.quorum;
  if (resourceType === configResourceKinds.topic) {
    const nameFault = topicNameFault(resourceName);
    if (nameFault) return refused(asked, errorCode.INVALID_TOPIC_EXCEPTION, nameFault);
    if (image.topics.has(resourceName)) return result(asked, request, describeTopicConfigs(broker, resourceName));
    return refused(asked, errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  }
  if (resourceType === configResourceKinds.brokerLogger) return describeLoggers(asked, broker);
  if (resourceType === configResourceKinds.group)
    return resourceName === ''
      ? refused(asked, errorCode.INVALID_REQUEST, 'Group name must not be empty')
      : result(asked, request, describeGroupConfigs(broker, resourceName));
  const unnamed = namesOfEmptyKinds.get(resourceType);
  if (unnamed !== undefined)
    return resourceName === ''
      ? refused(asked, errorCode.INVALID_REQUEST, `${unnamed} must not be empty`)
      : result(asked, request, []);
  if (resourceType !== configResourceKinds.broker)
    return refused(asked, errorCode.INVALID_REQUEST, `Unsupported resource type: ${resourceType}`);
  if (resourceName !== '' && resourceName !== String(broker.brokerId))
    return refused(
      asked,
      errorCode.INVALID_REQUEST,
      `Unexpected broker id, expected ${broker.brokerId} or empty string, but received ${resourceName}`,
    );
  return result(asked, request, describeBrokerConfigs(broker, resourceName));
}

/** Levels are neither read from a file nor kept; Kafka gives no type for them. */
function describeLoggers(asked: Asked, { brokerId, loggers }: Pick<BrokerServices, 'brokerId' | 'loggers'>): Result {
  const { resourceType, resourceName, configurationKeys } = asked;
  if (resourceName === '') return refused(asked, errorCode.INVALID_REQUEST, 'Broker id must not be empty');
  if (resourceName !== String(brokerId))
    return refused(
      asked,
      errorCode.INVALID_REQUEST,
      `Unexpected broker id, expected ${brokerId} but received ${resourceName}`,
    );
  const keys = configurationKeys?.length ? new Set(configurationKeys) : undefined;
  const configs = [...loggers.levels()]
    .filter(([name]) => keys?.has(name) ?? true)
    .map(([name, value]) => ({
      name,
      value,
      readOnly: false,
      configSource: brokerLoggerSource,
      isSensitive: false,
      synonyms: [],
      configType: 0,
      documentation: null,
    }));
  return { errorCode: errorCode.NONE, errorMessage: null, resourceType, resourceName, configs };
}

function result(asked: Asked, request: DescribeConfigsRequest, configs: readonly DescribedConfig[]): Result {
  const { resourceType, resourceName, configurationKeys: keys } = asked;
  const asks = new Set(keys);
  const wanted = asks.size === 0 ? configs : configs.filter(({ name }) => asks.has(name));
  return {
    errorCode: errorCode.NONE,
    errorMessage: null,
    resourceType,
    resourceName,
    configs: wanted.map(({ name, value, readOnly, type, doc, synonyms }) => ({
      name,
      value,
      readOnly,
      configSource: synonyms[0]?.source ?? 5,
      isSensitive: false,
      synonyms: request.includeSynonyms ? synonyms.map((synonym) => ({ ...synonym })) : [],
      configType: configTypes[type],
      documentation: request.includeDocumentation ? doc : null,
    })),
  };
}

function refused({ resourceType, resourceName }: Asked, code: ErrorCode, message: string | null): Result {
  return { errorCode: code, errorMessage: message, resourceType, resourceName, configs: [] };
}
