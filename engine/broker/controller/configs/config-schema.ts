import type { ConfigResource } from './configs-image.ts';

/** A config as CreateTopics and DescribeConfigs report it. */
export interface ConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  /** 1 topic, 2 broker, 3 all brokers, 4 broker's start, 5 default. */
  readonly configSource: number;
  readonly isSensitive: boolean;
}

/** What may be configured, handed in: the controller itself knows no setting by name, except min.insync.replicas. */
export interface ConfigSchema {
  /** Why the overrides of a topic, broker or group cannot stand, as a sentence for INVALID_CONFIG; undefined when they can. */
  validate(resource: ConfigResource, overrides: ReadonlyMap<string, string>): string | undefined;
  /** Whether the setting is a list, so that APPEND and SUBTRACT make sense. */
  isList(resource: ConfigResource, name: string): boolean;
  /** The value without an override; undefined for an unknown setting. */
  defaultOf(resource: ConfigResource, name: string): string | undefined;
  /** Every setting of a topic with its value under `overrides`. */
  entriesOfTopic(overrides: ReadonlyMap<string, string>): readonly ConfigEntry[];
}
