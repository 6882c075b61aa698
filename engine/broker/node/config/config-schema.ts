import type { ConfigEntry, ConfigSchema } from '../../controller/configs/config-schema.ts';
import type { ConfigResource } from '../../controller/metadata-image.ts';
import { logConfigFrom, topicConfigDefinition, topicConfigDefinitions } from '../../log/log-config.ts';
import type { BrokerConfig } from './broker-config.ts';
import { describeSettings } from './broker-config.ts';
import { topicDefaultNames } from './topic-defaults.ts';

/** Sources of a config value as DescribeConfigs numbers them. */
const fromTopic = 1;
const fromBrokerFile = 4;
const fromDefault = 5;

/** What may be configured on topics and brokers, out of the declarations of both. */
export class DeclaredConfigs implements ConfigSchema {
  readonly #config: BrokerConfig;
  readonly #settings: ReadonlyMap<string, string>;

  constructor(config: BrokerConfig) {
    this.#config = config;
    this.#settings = new Map(describeSettings(config).map(({ name, value }) => [name, value]));
  }

  /** Of a broker's settings only the defaults of topics change while it runs. */
  validate(resource: ConfigResource, overrides: ReadonlyMap<string, string>): string | undefined {
    if (resource === 'topic') return problemOf(overrides);
    const names = [...overrides.keys()];
    const unknown = names.find((name) => !topicDefaultNames.has(name) && !this.#settings.has(name));
    if (unknown !== undefined) return `Unknown broker config name: ${unknown}`;
    const fixed = names.filter((name) => !topicDefaultNames.has(name));
    if (fixed.length > 0) return `Cannot update these configs dynamically: [${fixed.join(', ')}]`;
    return problemOf(new Map([...overrides].map(([name, value]) => [topicDefaultNames.get(name) ?? name, value])));
  }

  isList(resource: ConfigResource, name: string): boolean {
    const topicName = resource === 'topic' ? name : topicDefaultNames.get(name);
    return topicName !== undefined && topicConfigDefinition(topicName)?.type === 'list';
  }

  defaultOf(resource: ConfigResource, name: string): string | undefined {
    const topicName = resource === 'topic' ? name : topicDefaultNames.get(name);
    if (topicName === undefined) return this.#settings.get(name);
    return this.#config.topicDefaults.get(topicName) ?? topicConfigDefinition(topicName)?.default;
  }

  entriesOfTopic(overrides: ReadonlyMap<string, string>): readonly ConfigEntry[] {
    return topicConfigDefinitions.map(({ name, default: standard }) => {
      const given = overrides.get(name);
      const fromFile = this.#config.topicDefaults.get(name);
      const configSource = given !== undefined ? fromTopic : fromFile !== undefined ? fromBrokerFile : fromDefault;
      return { name, value: given ?? fromFile ?? standard, readOnly: false, configSource, isSensitive: false };
    });
  }
}

function problemOf(overrides: ReadonlyMap<string, string>): string | undefined {
  const config = logConfigFrom(overrides);
  return config.ok ? undefined : config.error;
}
