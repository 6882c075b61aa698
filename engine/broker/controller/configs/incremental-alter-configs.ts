import type { Result } from '../../../base/result.ts';
import { ok, refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  IncrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import { isReservedTopicName } from '../../../protocol/system-topics.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { newConfig } from '../new-record.ts';
import { repeatedIn } from '../repeated-names.ts';
import { topicNameFault } from '../topics/topic-name.ts';
import type { ConfigResource } from './configs-image.ts';
import { configResourceTypes } from './configs-image.ts';

type Asked = IncrementalAlterConfigsRequest['resources'][number];
/** One change of one config, by Kafka's number of the operation. */
export type ConfigOperation = Asked['configs'][number];
type Reply = MessageInput<typeof incrementalAlterConfigsResponse>;

/** Why a resource's configs stay as they are. */
export interface ConfigRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Kafka's number of a kind that nothing here would use. */
const clientMetricsType = 16;
const minInsyncReplicas = 'min.insync.replicas';

/** Kafka's numbers for what is done to a config. */
export const configOperations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;
const operationNames = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'];

/** Changes configs of topics and brokers, each resource as a whole or not at all (KIP-339). */
export function planIncrementalAlterConfigs(
  view: ControllerView,
  request: IncrementalAlterConfigsRequest,
): Plan<Reply> {
  const records: MetadataRecord[] = [];
  const repeated = repeatedIn(request.resources.map(resourceKey));
  const responses = request.resources.map((asked) => {
    const planned = repeated.has(resourceKey(asked))
      ? refuse(errorCode.INVALID_REQUEST, 'Each resource must appear at most once.')
      : planConfigOperations(view, asked);
    if (planned.ok) records.push(...planned.value);
    return {
      errorCode: planned.ok ? errorCode.NONE : planned.error.code,
      errorMessage: planned.ok ? null : planned.error.message,
      resourceType: asked.resourceType,
      resourceName: asked.resourceName,
    };
  });
  return { records: request.validateOnly ? [] : records, reply: { responses } };
}

function resourceKey({ resourceType, resourceName }: Asked): string {
  return `${resourceType}:${resourceName}`;
}

/** The records of a resource's operations, all of them or none. */
export function planConfigOperations(view: ControllerView, asked: Asked): Result<MetadataRecord[], ConfigRefusal> {
  const resource = resourceOf(view, asked);
  if (!resource.ok) return resource;
  const names = asked.configs.map((config) => config.name);
  if (new Set(names).size < names.length)
    return refuse(errorCode.INVALID_REQUEST, 'Error due to duplicate config keys');
  const before = view.image.configs(resource.value, asked.resourceName);
  const after = new Map(before);
  for (const operation of asked.configs) {
    const fault = apply(view, resource.value, after, operation);
    if (fault) return refused(fault);
  }
  const fault = view.configs.validate(resource.value, after);
  if (fault) return refuse(resource.value === 'broker' ? errorCode.INVALID_REQUEST : errorCode.INVALID_CONFIG, fault);
  const changed = names.filter((name) => before.get(name) !== after.get(name));
  return ok(changed.map((name) => newConfig(resource.value, asked.resourceName, name, after.get(name) ?? null)));
}

function resourceOf({ image }: ControllerView, asked: Asked): Result<ConfigResource, ConfigRefusal> {
  const { resourceType, resourceName } = asked;
  if (resourceType === configResourceTypes.topic) {
    if (resourceName === '') return refuse(errorCode.INVALID_REQUEST, 'Default topic resources are not allowed.');
    const nameFault = topicNameFault(resourceName);
    if (nameFault) return refuse(errorCode.INVALID_TOPIC_EXCEPTION, nameFault);
    if (image.topics.has(resourceName) && !isReservedTopicName(resourceName)) return ok('topic');
    return refuse(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
  }
  // A group need not be there to have configs.
  if (resourceType === configResourceTypes.group)
    return resourceName === ''
      ? refuse(errorCode.INVALID_REQUEST, 'Default group resources are not allowed.')
      : ok('group');
  if (resourceType === clientMetricsType)
    return refuse(errorCode.INVALID_REQUEST, 'Client metrics subscriptions are not served here (KIP-714).');
  if (resourceType !== configResourceTypes.broker)
    return refuse(errorCode.INVALID_REQUEST, `Unexpected resource type ${resourceType}.`);
  if (resourceName === '') return ok('broker');
  if (!/^\d+$/.test(resourceName))
    return refuse(errorCode.INVALID_REQUEST, `Node id must be an integer, but it is: ${resourceName}`);
  if (!image.brokers.has(Number(resourceName)))
    return refuse(errorCode.INVALID_REQUEST, `Unexpected broker id ${resourceName}: no such broker is registered`);
  // How many replicas must be in sync is the partition's, not a broker's: eligible leaders are chosen by it (KIP-966).
  if (asked.configs.some(({ name }) => name === minInsyncReplicas))
    return refuse(errorCode.INVALID_CONFIG, 'Broker-level min.insync.replicas cannot be altered while ELR is enabled.');
  return ok('broker');
}

/** Performs one operation on the overrides; returns why it cannot be done. */
function apply(
  view: ControllerView,
  resource: ConfigResource,
  overrides: Map<string, string>,
  { name, configOperation, value }: ConfigOperation,
): ConfigRefusal | undefined {
  if (configOperation === configOperations.delete) {
    overrides.delete(name);
    return undefined;
  }
  if (configOperation !== configOperations.set && operationNames[configOperation] === undefined)
    return { code: errorCode.INVALID_REQUEST, message: `Unknown operation ${configOperation} for config ${name}` };
  if (value === null) return { code: errorCode.INVALID_REQUEST, message: `Null value not supported for : ${name}` };
  if (configOperation === configOperations.set) {
    overrides.set(name, value);
    return undefined;
  }
  if (!view.configs.isList(resource, name))
    return {
      code: errorCode.INVALID_CONFIG,
      message: `Can't ${operationNames[configOperation]} to key ${name} because its type is not LIST.`,
    };
  const present = items(overrides.get(name) ?? view.configs.defaultOf(resource, name) ?? '');
  const given = items(value);
  const next =
    configOperation === configOperations.append
      ? [...present, ...given.filter((item) => !present.includes(item))]
      : present.filter((item) => !given.includes(item));
  overrides.set(name, next.join(','));
  return undefined;
}

function items(list: string): string[] {
  return list.split(',').flatMap((item) => item.trim() || []);
}

function refuse(code: ErrorCode, message: string): Result<never, ConfigRefusal> {
  return refused({ code, message });
}
