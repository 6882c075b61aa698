import type { BrokerSettings, SettingDescription } from '../../api/configs/broker-settings.ts';
import type { BrokerConfig, HostPort } from './broker-config.ts';
import { listenerName } from './listener-protocol.ts';
import type { SettingDeclaration } from './setting.ts';
import { settingDeclarations } from './settings.ts';
import { shownConfigs } from './shown-configs.ts';

/** Everything that a broker is configured with, in text form: its settings, who it is, and what Kafka has besides. */
export function describeSettings(config: BrokerConfig): readonly SettingDescription[] {
  const declared = Object.entries<SettingDeclaration>(settingDeclarations).map(
    ([key, { name, type, doc, unit, isSecret }]) => ({
      name,
      type,
      value: isSecret ? null : String(config.settings[key as keyof BrokerSettings]),
      isDefault: !config.given.has(name),
      isDynamic: false,
      doc: unit === '' ? doc : `${doc} Unit: ${unit}.`,
    }),
  );
  const shown = shownConfigs.map(({ name, type, default: value, isDynamic = false, doc }) => ({
    name,
    type,
    value,
    isDefault: true,
    isDynamic,
    doc,
  }));
  return [...declared, ...identity(config), ...shown];
}

function endpoint({ host, port }: HostPort): string {
  return `${listenerName}://${host}:${port}`;
}

interface IdentityConfig {
  readonly name: string;
  readonly type: SettingDescription['type'];
  readonly read: (config: BrokerConfig) => string | null;
  readonly doc: string;
}

const idOf = ({ brokerId }: BrokerConfig) => String(brokerId);
const folderOf = ({ dataFolder }: BrokerConfig) => dataFolder;
const votersOf = ({ voters }: BrokerConfig) => voters.map(({ id, host, port }) => `${id}@${host}:${port}`).join(',');

/** Who and where the broker is, as Kafka's settings say it. Every broker is a controller too, on the one listener. */
const identityConfigs: readonly IdentityConfig[] = [
  {
    name: 'advertised.listeners',
    type: 'list',
    read: ({ advertised }) => endpoint(advertised),
    doc: 'Where clients and other brokers reach this one.',
  },
  { name: 'broker.id', type: 'int', read: idOf, doc: 'Id of this broker.' },
  { name: 'broker.rack', type: 'string', read: ({ rack }) => rack, doc: 'Rack of this broker.' },
  { name: 'controller.listener.names', type: 'list', read: () => listenerName, doc: 'Listener of the controller.' },
  { name: 'controller.quorum.voters', type: 'list', read: votersOf, doc: 'Voters of the controller quorum.' },
  {
    name: 'inter.broker.listener.name',
    type: 'string',
    read: () => listenerName,
    doc: 'Listener of other brokers.',
  },
  { name: 'listeners', type: 'list', read: ({ listen }) => endpoint(listen), doc: 'Where this broker listens.' },
  { name: 'log.dir', type: 'list', read: folderOf, doc: 'Where this broker keeps its logs.' },
  { name: 'log.dirs', type: 'list', read: folderOf, doc: 'Where this broker keeps its logs.' },
  { name: 'node.id', type: 'int', read: idOf, doc: 'Id of this broker.' },
  { name: 'process.roles', type: 'list', read: () => 'broker,controller', doc: 'Every broker is a controller too.' },
  { name: 'security.inter.broker.protocol', type: 'string', read: () => 'PLAINTEXT', doc: 'Protocol of brokers.' },
];

function identity(config: BrokerConfig): SettingDescription[] {
  return identityConfigs.map(({ name, type, read, doc }) => {
    const value = read(config);
    return { name, type, value, isDefault: value === null, isDynamic: false, doc };
  });
}

/** Names of settings that a broker is started with, and that nobody may change while it runs. */
export const startSettingNames: ReadonlySet<string> = new Set(
  [...Object.values<SettingDeclaration>(settingDeclarations), ...identityConfigs, ...shownConfigs].map(
    ({ name }) => name,
  ),
);
