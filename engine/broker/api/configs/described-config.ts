import { groupConfigsOf } from '../../group/group-configs.ts';
import type { ConfigDefinition } from '../../log/config-definition.ts';
import { topicConfigDefinitions } from '../../log/log-config.ts';
import type { BrokerServices } from '../services.ts';
import type { SettingDescription } from './broker-settings.ts';

/** What the description of configs needs. */
export type ConfigServices = Pick<BrokerServices, 'brokerId' | 'describeSettings' | 'quorum' | 'settings'>;

/** Where a value comes from, in Kafka's numbers. */
export const configSources = { topic: 1, broker: 2, allBrokers: 3, brokerFile: 4, default: 5, group: 8 } as const;

/** A value that a config has, or would have if those before it were not there. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** A config with its possible values, the one in force first. */
export interface DescribedConfig {
  readonly name: string;
  readonly type: SettingDescription['type'];
  /** The value in force; null where there is none. */
  readonly value: string | null;
  readonly doc: string;
  readonly readOnly: boolean;
  readonly synonyms: readonly ConfigSynonym[];
}

const definitions: readonly ConfigDefinition[] = topicConfigDefinitions;

/** Every setting of a topic. One whose broker setting has no default of its own has a value without a synonym, as in Kafka. */
export function describeTopicConfigs(broker: ConfigServices, topic: string): DescribedConfig[] {
  const overrides = broker.quorum.image.configs('topic', topic);
  return definitions.map((definition) => {
    const { name, type, doc } = definition;
    const own = overrides.get(name);
    const inherited =
      definition.brokerName === undefined ? [] : brokerSynonyms(broker, definition, definition.brokerName);
    const synonyms = own === undefined ? inherited : [{ name, value: own, source: configSources.topic }, ...inherited];
    return { name, type, doc, readOnly: false, value: synonyms[0]?.value ?? definition.default, synonyms };
  });
}

/** Every setting that a group may have of its own. */
export function describeGroupConfigs(broker: ConfigServices, group: string): DescribedConfig[] {
  const overrides = broker.quorum.image.configs('group', group);
  const settings = broker.describeSettings();
  return groupConfigsOf(broker.settings).map(({ name, brokerName, doc, fallback }) => {
    const own = overrides.get(name);
    const isDefault = settings.find((setting) => setting.name === brokerName)?.isDefault ?? true;
    const source = isDefault ? configSources.default : configSources.brokerFile;
    const inherited = { name: brokerName, value: String(fallback), source };
    const synonyms = own === undefined ? [inherited] : [{ name, value: own, source: configSources.group }, inherited];
    return { name, type: 'int', doc, readOnly: false, value: synonyms[0]?.value ?? null, synonyms };
  });
}

/** Settings of this broker, or with an empty name only what was set for all brokers. */
export function describeBrokerConfigs(broker: ConfigServices, name: string): DescribedConfig[] {
  const topicDefaults = definitions.flatMap((definition) => {
    const { brokerName, type, doc } = definition;
    if (brokerName === undefined) return [];
    return configWith({ name: brokerName, type, doc, readOnly: false }, brokerSynonyms(broker, definition, brokerName));
  });
  const dynamic = new Set(topicDefaults.map((config) => config.name));
  const settings = broker.describeSettings().flatMap((setting) => {
    const { name: settingName, type, doc, isDynamic, isDefault, value } = setting;
    if (dynamic.has(settingName)) return [];
    const synonyms = isDynamic ? dynamicSynonyms(broker, settingName) : [];
    const source = isDefault ? configSources.default : configSources.brokerFile;
    if (value !== null) synonyms.push({ name: settingName, value, source });
    return configWith({ name: settingName, type, doc, readOnly: !isDynamic }, synonyms);
  });
  const all = [...settings, ...topicDefaults];
  if (name !== '') return all;
  return all.flatMap((config) => {
    const synonyms = config.synonyms.filter(({ source }) => source === configSources.allBrokers);
    return synonyms.length ? configWith(config, synonyms) : [];
  });
}

function configWith(
  config: Omit<DescribedConfig, 'value' | 'synonyms'>,
  synonyms: readonly ConfigSynonym[],
): DescribedConfig {
  return { ...config, value: synonyms[0]?.value ?? null, synonyms };
}

/** What was set for this broker and for all of them while they ran. */
function dynamicSynonyms({ brokerId, quorum }: ConfigServices, name: string): ConfigSynonym[] {
  const found: ConfigSynonym[] = [];
  const own = quorum.image.configs('broker', String(brokerId)).get(name);
  const all = quorum.image.configs('broker', '').get(name);
  if (own !== undefined) found.push({ name, value: own, source: configSources.broker });
  if (all !== undefined) found.push({ name, value: all, source: configSources.allBrokers });
  return found;
}

/** Values of a topic's setting on this broker when the topic does not set it, in order of precedence. */
function brokerSynonyms(broker: ConfigServices, definition: ConfigDefinition, name: string): ConfigSynonym[] {
  const found = dynamicSynonyms(broker, name);
  const atStart = broker.quorum.configs.defaultOf('topic', definition.name);
  if (atStart !== undefined && atStart !== definition.default)
    found.push({ name, value: atStart, source: configSources.brokerFile });
  if (!definition.hasNullBrokerDefault) found.push({ name, value: definition.default, source: configSources.default });
  return found;
}
