import type { BrokerSettings, SettingDescription } from '../../api/configs/broker-settings.ts';
import type { BrokerConfig } from './broker-config.ts';
import { hasTls, standardProtocolMap } from './listener-protocol.ts';
import { isDynamicListenerSetting, listenerSettingDeclarations, listenerSettingNamed } from './listener-settings.ts';
import { listenerText } from './listeners.ts';
import type { SettingDeclaration } from './setting.ts';
import { settingDeclarations } from './settings.ts';
import { shownConfigs } from './shown-configs.ts';

/** Everything that a broker is configured with, in text form: its settings, who it is, and what Kafka has besides. */
export function describeSettings(config: BrokerConfig): readonly SettingDescription[] {
  const declared = Object.entries<SettingDeclaration>(settingDeclarations).map(
    ([key, { name, type, doc, unit, isSecret, isDynamic = false }]) => ({
      name,
      type,
      value: isSecret ? null : String(config.settings[key as keyof BrokerSettings]),
      isDefault: !config.given.has(name),
      isDynamic,
      doc: unit === '' ? doc : `${doc} Unit: ${unit}.`,
    }),
  );
  const shown = shownConfigs.map(({ name, type, default: value, isDynamic = false, doc }) => ({
    name,
    type,
    value: config.given.get(name) ?? value,
    isDefault: !config.given.has(name),
    isDynamic,
    doc,
  }));
  return [...declared, ...listenerSettings(config), ...identity(config), ...shown];
}

/** Settings of listeners: each for all of them, and those that were given for one. */
function listenerSettings({ given, listenerSet }: BrokerConfig): SettingDescription[] {
  const ownNames = listenerSet.listeners
    .filter(({ protocol }) => hasTls(protocol))
    .flatMap(({ name }) =>
      listenerSettingDeclarations.map((each) => `listener.name.${name.toLowerCase()}.${each.name}`),
    );
  const names = new Set([
    ...listenerSettingDeclarations.map(({ name }) => name),
    ...[...given.keys()].filter((name) => listenerSettingNamed(name)),
    ...ownNames.filter(isDynamicListenerSetting),
  ]);
  return [...names].flatMap((name) => {
    const found = listenerSettingNamed(name);
    if (!found) return [];
    const { type, doc, unit, isSecret, defaultFor } = found.declaration;
    const value = given.get(name) ?? (found.listener === undefined ? String(defaultFor({ brokers: 1 })) : '');
    return {
      name,
      type,
      value: isSecret || value === '' ? null : value,
      isDefault: !given.has(name),
      isDynamic: !isSecret && isDynamicListenerSetting(name),
      doc: unit === '' ? doc : `${doc} Unit: ${unit}.`,
    };
  });
}

interface IdentityConfig {
  readonly name: string;
  readonly type: SettingDescription['type'];
  readonly read: (config: BrokerConfig) => string | null;
  readonly doc: string;
}

const idOf = ({ brokerId }: BrokerConfig) => String(brokerId);
const folderOf = ({ dataFolder }: BrokerConfig) => dataFolder;
const peerListenerOf = ({ listenerSet }: BrokerConfig) => listenerSet.interBroker.name;
const votersOf = ({ voters }: BrokerConfig) => voters.map(({ id, host, port }) => `${id}@${host}:${port}`).join(',');

/** Who and where the broker is, as Kafka's settings say it. Every broker is a controller too, on the one listener. */
const identityConfigs: readonly IdentityConfig[] = [
  {
    name: 'advertised.listeners',
    type: 'list',
    read: ({ listenerSet }) => listenerSet.listeners.map((each) => listenerText(each.name, each.advertised)).join(','),
    doc: 'Where clients and other brokers reach this one.',
  },
  { name: 'broker.id', type: 'int', read: idOf, doc: 'Id of this broker.' },
  { name: 'broker.rack', type: 'string', read: ({ rack }) => rack, doc: 'Rack of this broker.' },
  { name: 'controller.listener.names', type: 'list', read: peerListenerOf, doc: 'Listener of the controller.' },
  { name: 'controller.quorum.voters', type: 'list', read: votersOf, doc: 'Voters of the controller quorum.' },
  {
    name: 'inter.broker.listener.name',
    type: 'string',
    read: peerListenerOf,
    doc: 'Listener of other brokers.',
  },
  {
    name: 'listener.security.protocol.map',
    type: 'string',
    read: ({ given }) => given.get('listener.security.protocol.map') ?? standardProtocolMap,
    doc: 'Protocol of each listener.',
  },
  {
    name: 'listeners',
    type: 'list',
    read: ({ listenerSet }) => listenerSet.listeners.map((each) => listenerText(each.name, each)).join(','),
    doc: 'Where this broker listens.',
  },
  { name: 'log.dir', type: 'list', read: folderOf, doc: 'Where this broker keeps its logs.' },
  { name: 'log.dirs', type: 'list', read: folderOf, doc: 'Where this broker keeps its logs.' },
  { name: 'node.id', type: 'int', read: idOf, doc: 'Id of this broker.' },
  { name: 'process.roles', type: 'list', read: () => 'broker,controller', doc: 'Every broker is a controller too.' },
  {
    name: 'security.inter.broker.protocol',
    type: 'string',
    read: ({ listenerSet }) => listenerSet.interBroker.protocol,
    doc: 'Protocol of brokers.',
  },
];

function identity(config: BrokerConfig): SettingDescription[] {
  return identityConfigs.map(({ name, type, read, doc }) => {
    const value = read(config);
    return { name, type, value, isDefault: value === null, isDynamic: false, doc };
  });
}

/** Names of settings that a broker is started with, and that nobody may change while it runs. */
export const startSettingNames: ReadonlySet<string> = new Set(
  [
    ...Object.values<SettingDeclaration>(settingDeclarations),
    ...listenerSettingDeclarations,
    ...identityConfigs,
    ...shownConfigs,
  ].map(({ name }) => name),
);
