import type { ConfigDefinition } from '../../log/config-definition.ts';
import { topicConfigDefinitions } from '../../log/topic-config-definitions.ts';

/**
 * Settings of a broker that are defaults of its topics: broker name -> topic name (`log.segment.bytes` -> `segment.bytes`).
 * Type, bounds and text of each stand once, in the topic configs.
 */
export const topicDefaultNames: ReadonlyMap<string, string> = new Map(
  topicConfigDefinitions
    .map((definition: ConfigDefinition) => [definition.brokerName, definition.name] as const)
    .filter((pair): pair is readonly [string, string] => pair[0] !== undefined),
);
