import type { ConfigDefinition, ConfigType } from '../log/config-definition.ts';
import { topicConfigDefinitions } from '../log/log-config.ts';
import type { BrokerServices } from './services.ts';

/** Where a value comes from, in Kafka's numbers. */
export const configSources = { topic: 1, broker: 2, allBrokers: 3, brokerFile: 4, default: 5 } as const;

/** A value that a config has, or would have if those before it were not there. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** A config with its possible values, the one in force first. */
export interface DescribedConfig {
  readonly name: string;
  readonly type: ConfigType;
  readonly doc: string;
  readonly readOnly: boolean;
  readonly synonyms: readonly ConfigSynonym[];
}

const definitions: readonly ConfigDefinition[] = topicConfigDefinitions;

/** Every setting of a topic. */
export function describeTopicConfigs(broker: BrokerServices, topic: string): DescribedConfig[] {
  const overrides = broker.quorum.image.configs('topic', topic);
  return definitions.map((definition) => {
    const own = overrides.get(definition.name);
    const synonyms = brokerSynonyms(broker, definition, definition.brokerName ?? definition.name);
    return {
      name: definition.name,
      type: definition.type,
      doc: definition.doc,
      readOnly: false,
      synonyms:
        own === undefined
          ? synonyms
          : [{ name: definition.name, value: own, source: configSources.topic }, ...synonyms],
    };
  });
}

/** Settings of this broker, or with an empty name only what was set for all brokers. */
export function describeBrokerConfigs(broker: BrokerServices, name: string): DescribedConfig[] {
  const topicDefaults = definitions.flatMap((definition) => {
    const { brokerName, type, doc } = definition;
    if (brokerName === undefined) return [];
    const synonyms = brokerSynonyms(broker, definition, brokerName);
    return { name: brokerName, type, doc, readOnly: false, synonyms };
  });
  if (name === '')
    return topicDefaults.flatMap((config) => {
      const synonyms = config.synonyms.filter(({ source }) => source === configSources.allBrokers);
      return synonyms.length ? { ...config, synonyms } : [];
    });
  const dynamic = new Set(topicDefaults.map((config) => config.name));
  const settings = broker.describeSettings().flatMap((setting) => {
    if (dynamic.has(setting.name)) return [];
    const source = setting.isDefault ? configSources.default : configSources.brokerFile;
    const synonyms = [{ name: setting.name, value: setting.value, source }];
    return { name: setting.name, type: setting.type, doc: setting.doc, readOnly: true, synonyms };
  });
  return [...settings, ...topicDefaults];
}

/** Values of a topic's setting on this broker when the topic does not set it, in order of precedence. */
function brokerSynonyms(broker: BrokerServices, definition: ConfigDefinition, name: string): ConfigSynonym[] {
  const { image, configs } = broker.quorum;
  const found: ConfigSynonym[] = [];
  const add = (value: string | undefined, source: number) => {
    if (value !== undefined) found.push({ name, value, source });
  };
  add(image.configs('broker', String(broker.brokerId)).get(name), configSources.broker);
  add(image.configs('broker', '').get(name), configSources.allBrokers);
  const fallback = configs.defaultOf('topic', definition.name);
  if (fallback !== definition.default) add(fallback, configSources.brokerFile);
  add(definition.default, configSources.default);
  return found;
}
