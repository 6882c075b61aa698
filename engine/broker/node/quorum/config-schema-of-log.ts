import type { ConfigSchema } from '../../controller/configs/config-schema.ts';
import type { ConfigResource } from '../../controller/configs/configs-image.ts';
import type { GroupConfigBounds } from '../../group/group-configs.ts';
import { groupConfigFault } from '../../group/group-configs.ts';
import type { ConfigDefinition } from '../../log/config-definition.ts';
import { parseConfigValue } from '../../log/config-definition.ts';
import { logConfigFrom, topicConfigDefinition, topicConfigDefinitions } from '../../log/log-config.ts';
import { startSettingNames } from '../config/describe-settings.ts';
import { isDynamicListenerSetting, listenerSettingNamed } from '../config/listener-settings.ts';
import type { SettingDeclaration } from '../config/setting.ts';
import { settingDeclarations } from '../config/settings.ts';
import { shownConfigs } from '../config/shown-configs.ts';

/** Broker settings that may be changed while brokers run: defaults of topics, settings that say so, and those that are only shown. */
const byBrokerName = new Map<string, ConfigDefinition>([
  ...topicConfigDefinitions.flatMap((definition: ConfigDefinition) =>
    definition.brokerName ? [[definition.brokerName, definition] as const] : [],
  ),
  ...Object.values<SettingDeclaration>(settingDeclarations).flatMap(({ name, type, min, max, doc, isDynamic }) =>
    isDynamic && (type === 'int' || type === 'long')
      ? [[name, { name, type, min, max, doc, default: '', hasEffect: true }] as const]
      : [],
  ),
  ...shownConfigs.flatMap(({ type, default: fallback, isDynamic, ...config }) =>
    isDynamic && type !== 'class'
      ? [[config.name, { ...config, type, default: fallback ?? '', hasEffect: false }] as const]
      : [],
  ),
]);

function dynamicBrokerDefinition(name: string): ConfigDefinition | undefined {
  return byBrokerName.get(name) ?? listenerDefinition(name);
}

function listenerDefinition(name: string): ConfigDefinition | undefined {
  const found = isDynamicListenerSetting(name) ? listenerSettingNamed(name) : undefined;
  return found && { name, type: 'string', default: '', doc: found.declaration.doc, hasEffect: true };
}

/** Sources of a config's value, in Kafka's numbers. */
const configSources = { topic: 1, brokerFile: 4, default: 5 } as const;

/**
 * The configs of topics, as the log declares them. Defaults of topics come from the broker's file where it gives them.
 * Groups have settings of their own within the broker's bounds. A broker resource takes the names under which a topic's defaults go.
 */
export function configSchemaOfLog(
  topicDefaults: ReadonlyMap<string, string>,
  groupBounds: GroupConfigBounds,
): ConfigSchema {
  return {
    validate: (resource, overrides) => {
      if (resource === 'group') return groupConfigFault(groupBounds, overrides);
      if (resource === 'topic') {
        const parsed = logConfigFrom(overrides);
        return parsed.ok ? undefined : parsed.error;
      }
      for (const [name, value] of overrides) {
        const definition = dynamicBrokerDefinition(name);
        if (!definition)
          return startSettingNames.has(name)
            ? `Cannot update these configs dynamically: [${name}]`
            : `Unknown config name: ${name}`;
        const parsed = parseConfigValue({ ...definition, name }, value);
        if (!parsed.ok) return parsed.error;
      }
      return undefined;
    },
    isList: (resource, name) => definitionOf(resource, name)?.type === 'list',
    defaultOf: (resource, name) => {
      const definition = definitionOf(resource, name);
      return definition && (topicDefaults.get(definition.name) ?? definition.default);
    },
    entriesOfTopic: (overrides) =>
      topicConfigDefinitions.map(({ name, default: fallback }) => ({
        name,
        value: overrides.get(name) ?? topicDefaults.get(name) ?? fallback,
        readOnly: false,
        configSource: overrides.has(name)
          ? configSources.topic
          : topicDefaults.has(name)
            ? configSources.brokerFile
            : configSources.default,
        isSensitive: false,
      })),
  };
}

function definitionOf(resource: ConfigResource, name: string) {
  if (resource === 'group') return undefined;
  return resource === 'topic' ? topicConfigDefinition(name) : dynamicBrokerDefinition(name);
}
