import type { MetadataImage } from '../../controller/metadata-image.ts';
import { parseConfigValue } from '../../log/config-definition.ts';
import type { LogConfig } from '../../log/log-config.ts';
import { defaultLogConfig, logConfigFrom, topicConfigDefinition } from '../../log/log-config.ts';
import type { BrokerConfig } from './broker-config.ts';
import { dynamicNumber } from './dynamic-number.ts';
import { topicDefaultNames } from './topic-defaults.ts';

/** Overrides without those that this release refuses. */
function fitting(overrides: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...overrides].filter(([name, value]) => {
      const definition = topicConfigDefinition(name);
      return definition !== undefined && parseConfigValue(definition, value).ok;
    }),
  );
}

/** Configs of topics as this broker sees them: topic override, else broker default (dynamic, then its file), else Kafka's. */
export class TopicConfigs {
  readonly #config: BrokerConfig;

  constructor(config: BrokerConfig) {
    this.#config = config;
  }

  /** Values by topic config name, where they differ from Kafka's default. */
  overridesOf(image: MetadataImage, topic: string): ReadonlyMap<string, string> {
    return new Map([...this.defaults(image), ...image.configs('topic', topic)]);
  }

  /** Defaults of topics that this broker or all brokers set. */
  defaults(image: MetadataImage): ReadonlyMap<string, string> {
    const { brokerId, topicDefaults } = this.#config;
    const dynamic = new Map([...image.configs('broker', ''), ...image.configs('broker', String(brokerId))]);
    const defaults = new Map(topicDefaults);
    for (const [name, value] of dynamic) {
      const topicName = topicDefaultNames.get(name);
      if (topicName !== undefined) defaults.set(topicName, value);
    }
    return defaults;
  }

  #producerExpirationMs(image: MetadataImage): number {
    const { brokerId, settings } = this.#config;
    return dynamicNumber(image, brokerId, 'producer.id.expiration.ms') ?? settings.producerIdExpirationMs;
  }

  /** What the logs of a topic work with. Overrides were checked when they were set; one that an older release took and this one refuses
   * is ignored, the others hold. */
  logConfigOf(image: MetadataImage, topic: string): LogConfig {
    const config = logConfigFrom(fitting(this.overridesOf(image, topic)));
    if (config.ok) return { ...config.value, producerExpirationMs: this.#producerExpirationMs(image) };
    const fallback = logConfigFrom(this.#config.topicDefaults);
    return fallback.ok ? fallback.value : defaultLogConfig;
  }
}
