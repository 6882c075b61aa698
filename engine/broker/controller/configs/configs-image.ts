/** What may be configured. */
export type ConfigResource = 'topic' | 'broker' | 'group';

/** Kafka's numbers for config resources. */
export const configResourceTypes: Readonly<Record<ConfigResource, number>> = { topic: 2, broker: 4, group: 32 };

/** Overrides of one resource, by config. */
export type ConfigOverrides = ReadonlyMap<string, string>;

/** Overrides by resource and its name; a broker has its id as text, and the empty name holds for all brokers. */
export type ConfigsImage = Readonly<Record<ConfigResource, ReadonlyMap<string, ConfigOverrides>>>;

export const noConfigs: ConfigsImage = { topic: new Map(), broker: new Map(), group: new Map() };

/** Names of the resources whose overrides differ from those before. */
export type ConfigsChange = Readonly<Record<ConfigResource, ReadonlySet<string>>>;

/** The change between images of which the later one was loaded as a whole: every resource in either may differ. */
export function wholeConfigsChange(before: ConfigsImage, after: ConfigsImage): ConfigsChange {
  const names = (resource: ConfigResource) => new Set([...before[resource].keys(), ...after[resource].keys()]);
  return { topic: names('topic'), broker: names('broker'), group: names('group') };
}
