import { MillraceError } from '../../../base/errors.ts';
import type { LogLevel } from '../../../base/log.ts';
import type { BrokerSettings } from '../../api/configs/broker-settings.ts';
import { logConfigFrom } from '../../log/log-config.ts';
import type { BootstrapCredential, BootstrapUser } from './bootstrap-users.ts';
import { readBootstrapUsers } from './bootstrap-users.ts';
import { FieldReader } from './field-reader.ts';
import { listenerFaults } from './listener-faults.ts';
import { listenerSettingFaults, listenerSettingNamed } from './listener-settings.ts';
import type { ListenerSet } from './listeners.ts';
import { listenerSetNames, listenersFrom } from './listeners.ts';
import type { SettingDeclaration, SettingValue } from './setting.ts';
import { parseSetting } from './setting.ts';
import { settingDeclarations } from './settings.ts';
import { topicDefaultNames } from './topic-defaults.ts';

const portMax = 65_535;
const brokersMax = 9;
const brokerIdMax = 1_000_000;
/** Settings that may change while the broker runs, and hold as given until then. */
const dynamicAtStart = new Set([
  'follower.replication.throttled.rate',
  'leader.replication.throttled.rate',
  'max.connection.creation.rate',
  'max.connections.per.ip',
  'max.connections.per.ip.overrides',
]);
const fileFields = [
  'brokerId',
  'clusterId',
  'clusterKey',
  'dataFolder',
  'listen',
  'advertised',
  'rack',
  'voters',
  'allowedOrigins',
  'allowedHosts',
  'logLevel',
  'logFile',
  'settings',
  'bootstrapUsers',
];

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface VoterEndpoint extends HostPort {
  readonly id: number;
}

/** What a broker process is given: who it is, who the others are, and what differs from the defaults. */
export interface BrokerFile {
  readonly brokerId: number;
  /** Kafka's form of a uuid: 22 base64url characters. */
  readonly clusterId: string;
  /** Secret that the brokers of a cluster share; base64url of at least 16 bytes. */
  readonly clusterKey: string;
  readonly dataFolder: string;
  /** Its one listener, unless the setting `listeners` names others. */
  readonly listen: HostPort;
  /** Where clients and peers reach that listener, when that is not where it listens. */
  readonly advertised?: HostPort;
  readonly rack?: string;
  /**
   * Voters of the controller quorum: all brokers that the cluster began with, this one too unless it joins by itself
   * (`controller.quorum.auto.join.enable`). Once the metadata log says who votes, that counts.
   */
  readonly voters: readonly VoterEndpoint[];
  /** Origins of browser pages that may open a WebSocket: `http://localhost:5173`. */
  readonly allowedOrigins?: readonly string[];
  /** Names besides loopback and the listen host that may stand in the Host header. */
  readonly allowedHosts?: readonly string[];
  readonly logLevel?: LogLevel;
  /** Where log lines go; without it to standard error. */
  readonly logFile?: string;
  /** Users of a cluster that is made new. */
  readonly bootstrapUsers?: readonly BootstrapUser[];
  /** By Kafka's names; numbers and booleans may be given as such. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** A broker's configuration, checked and complete. */
export interface BrokerConfig {
  readonly brokerId: number;
  readonly clusterId: string;
  readonly clusterKey: string;
  readonly dataFolder: string;
  /** Where it listens, and which of these is for brokers. */
  readonly listenerSet: ListenerSet;
  readonly rack: string | null;
  readonly voters: readonly VoterEndpoint[];
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFile: string | null;
  readonly bootstrapUsers: readonly BootstrapCredential[];
  readonly settings: BrokerSettings;
  /** Overrides of topic defaults, by topic config name (`segment.bytes`). */
  readonly topicDefaults: ReadonlyMap<string, string>;
  /** The settings that were given, as they were. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Checks the content of a broker file (parsed JSON) and fills in the defaults.
 * @throws MillraceError `BROKER_CONFIG_INVALID` that lists every problem.
 */
export function brokerConfigFrom(file: unknown): BrokerConfig {
  const fields = new FieldReader(file);
  fields.only(fileFields);
  const listen = readEndpoint(fields.object('listen'), 0);
  const voters = fields.list('voters', brokersMax).map((voter) => ({
    id: voter.wholeNumber('id', 0, brokerIdMax),
    ...readEndpoint(voter, 1),
  }));
  const advertised = fields.has('advertised') ? readEndpoint(fields.object('advertised'), 1) : undefined;
  const given = fields.textMap('settings');
  const settings = readSettings(given, voters.length, fields.problems);
  const config: BrokerConfig = {
    brokerId: fields.wholeNumber('brokerId', 0, brokerIdMax),
    clusterId: fields.text('clusterId', /^[A-Za-z0-9_-]{22}$/, 'a uuid of 22 base64url characters'),
    clusterKey: fields.text('clusterKey', /^[A-Za-z0-9_-]{22,}$/, 'base64url of at least 16 bytes'),
    dataFolder: fields.text('dataFolder'),
    listenerSet: listenersFrom(given, { listen, advertised }, fields.problems),
    rack: fields.has('rack') ? fields.text('rack') : null,
    voters,
    allowedOrigins: fields.texts('allowedOrigins'),
    allowedHosts: fields.texts('allowedHosts'),
    logLevel: fields.has('logLevel')
      ? (fields.text('logLevel', /^(debug|info|warn|error)$/, 'debug, info, warn or error') as LogLevel)
      : 'info',
    logFile: fields.has('logFile') ? fields.text('logFile') : null,
    bootstrapUsers: readBootstrapUsers(fields),
    settings,
    topicDefaults: readTopicDefaults(given, settings),
    given,
  };
  const problems = [...fields.problems, ...problemsOf(config)];
  if (problems.length === 0) return config;
  throw new MillraceError('BROKER_CONFIG_INVALID', `the broker's configuration is wrong: ${problems.join('; ')}`, {
    details: { problems },
  });
}

/** What each part may be by itself, and not beside the others. */
function problemsOf(config: BrokerConfig): string[] {
  const { given, listenerSet } = config;
  const names = listenerSet.listeners.map(({ name }) => name.toLowerCase());
  return [
    ...listenerSettingFaults(given, names),
    ...listenerSet.listeners.flatMap((listener) => listenerFaults(given, listener)),
    ...contradictions(config),
    ...topicDefaultProblems(config),
  ];
}

function readEndpoint(fields: FieldReader, portMin: number): HostPort {
  return { host: fields.text('host'), port: fields.wholeNumber('port', portMin, portMax) };
}

function readSettings(given: ReadonlyMap<string, string>, brokers: number, problems: string[]): BrokerSettings {
  const values: Record<string, SettingValue> = {};
  for (const [key, declaration] of Object.entries<SettingDeclaration>(settingDeclarations)) {
    const text = given.get(declaration.name);
    const outcome = text === undefined ? undefined : parseSetting(declaration, text);
    if (outcome && 'problem' in outcome) problems.push(outcome.problem);
    values[key] = outcome && 'value' in outcome ? outcome.value : declaration.defaultFor({ brokers });
  }
  return values as unknown as BrokerSettings;
}

function readTopicDefaults(given: ReadonlyMap<string, string>, settings: BrokerSettings): ReadonlyMap<string, string> {
  // Settings of the broker in their own right, whose defaults are not the topics'.
  const defaults = new Map([
    ['min.insync.replicas', String(settings.minInsyncReplicas)],
    ['max.message.bytes', String(settings.messageMaxBytes)],
    ['unclean.leader.election.enable', String(settings.uncleanLeaderElectionEnable)],
  ]);
  for (const [brokerName, topicName] of topicDefaultNames) {
    const text = given.get(brokerName);
    if (text !== undefined) defaults.set(topicName, text);
  }
  return defaults;
}

function topicDefaultProblems({ topicDefaults }: BrokerConfig): string[] {
  const config = logConfigFrom(topicDefaults);
  return config.ok ? [] : [config.error];
}

/** Names among those given that no part of a broker reads at its start: kept, and warned of (`setting-warnings.ts`). */
export function unknownSettings(given: ReadonlyMap<string, string>): string[] {
  const known = new Set<string>([
    ...Object.values<SettingDeclaration>(settingDeclarations).map(({ name }) => name),
    ...listenerSetNames,
    ...dynamicAtStart,
  ]);
  return [...given.keys()].filter(
    (name) => !known.has(name) && !topicDefaultNames.has(name) && !listenerSettingNamed(name),
  );
}

/** Relations between settings that each hold their own bounds. */
function contradictions({ brokerId, voters, settings }: BrokerConfig): string[] {
  const problems: string[] = [];
  const ids = voters.map(({ id }) => id);
  if (!ids.includes(brokerId) && !settings.controllerQuorumAutoJoinEnable)
    problems.push(
      `expected broker ${brokerId} among the voters or controller.quorum.auto.join.enable, found ${ids.join(', ')}`,
    );
  if (new Set(ids).size !== ids.length) problems.push(`expected every voter once, found ${ids.join(', ')}`);
  if (settings.brokerHeartbeatIntervalMs >= settings.brokerSessionTimeoutMs)
    problems.push(
      `expected broker.heartbeat.interval.ms below broker.session.timeout.ms (${settings.brokerSessionTimeoutMs}), found ${settings.brokerHeartbeatIntervalMs}`,
    );
  if (settings.replicaFetchWaitMaxMs >= settings.replicaLagTimeMaxMs)
    problems.push(
      `expected replica.fetch.wait.max.ms below replica.lag.time.max.ms (${settings.replicaLagTimeMaxMs}), found ${settings.replicaFetchWaitMaxMs}`,
    );
  return problems;
}
