import { refused } from '../../../base/result.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { AlterConfigsRequest, alterConfigsResponse } from '../../../protocol/schemas/33-alter-configs.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { repeatedIn } from '../repeated-names.ts';
import type { ConfigResource } from './configs-image.ts';
import { configResourceTypes } from './configs-image.ts';
import type { ConfigOperation } from './incremental-alter-configs.ts';
import { configOperations, planConfigOperations } from './incremental-alter-configs.ts';

type Asked = AlterConfigsRequest['resources'][number];

/** Replaces the configs of topics and brokers: what a resource has and the request does not name goes. Each resource as a whole or not at all. */
export function planAlterConfigs(
  view: ControllerView,
  { resources, validateOnly }: AlterConfigsRequest,
): Plan<MessageInput<typeof alterConfigsResponse>> {
  const records: MetadataRecord[] = [];
  const repeated = repeatedIn(resources.map(keyOf));
  const responses = resources.map((asked) => {
    const planned = repeated.has(keyOf(asked))
      ? refused({ code: errorCode.INVALID_REQUEST, message: 'Each resource must appear at most once.' })
      : planConfigOperations(view, { ...asked, configs: operationsOf(view, asked) });
    if (planned.ok) records.push(...planned.value);
    return {
      errorCode: planned.ok ? errorCode.NONE : planned.error.code,
      errorMessage: planned.ok ? null : planned.error.message,
      resourceType: asked.resourceType,
      resourceName: asked.resourceName,
    };
  });
  return { records: validateOnly ? [] : records, reply: { responses } };
}

function keyOf({ resourceType, resourceName }: Asked): string {
  return `${resourceType}:${resourceName}`;
}

function operationsOf({ image }: ControllerView, { resourceType, resourceName, configs }: Asked): ConfigOperation[] {
  const resource = Object.entries(configResourceTypes).find(([, type]) => type === resourceType)?.[0];
  const named = new Set(configs.map(({ name }) => name));
  const present = resource === undefined ? [] : [...image.configs(resource as ConfigResource, resourceName).keys()];
  return [
    ...configs.map(({ name, value }) => ({ name, value, configOperation: configOperations.set })),
    ...present
      .filter((name) => !named.has(name))
      .map((name) => ({ name, value: null, configOperation: configOperations.delete })),
  ];
}
