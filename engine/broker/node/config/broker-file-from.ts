import { MillraceError } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/suggest.ts';
import type { BrokerFile, HostPort, VoterEndpoint } from './broker-config.ts';

/** What says who a broker is, in Kafka's names: a cluster that is started as a whole decides it itself. */
export const identitySettings: ReadonlySet<string> = new Set([
  'advertised.listeners',
  'broker.id',
  'broker.rack',
  'controller.listener.names',
  'controller.quorum.bootstrap.servers',
  'controller.quorum.voters',
  'listeners',
  'log.dir',
  'log.dirs',
  'node.id',
  'process.roles',
]);

/** What a broker of its own is given besides its settings. */
export interface BrokerIdentity {
  readonly clusterId: string;
  readonly clusterKey: string;
  readonly logLevel?: BrokerFile['logLevel'];
}

const standardFolder = '/tmp/kraft-combined-logs';
const endpointForm = /^(?:([A-Za-z0-9_.-]+):\/\/)?(\[[^\]]*\]|[^:[\]]*):(\d+)$/;
const localListener = 'PLAINTEXT';

interface NamedEndpoint extends HostPort {
  readonly name: string;
}

/**
 * The file of one broker from settings in Kafka's names (`server.properties` of a KRaft node). Its controller has no listener of its own:
 * brokers reach each other where clients do. Throws `BROKER_CONFIG_INVALID`.
 */
export function brokerFileFrom(settings: ReadonlyMap<string, string>, identity: BrokerIdentity): BrokerFile {
  const brokerId = idIn(settings);
  const controllers = new Set(listIn(settings.get('controller.listener.names')));
  const ofClients = ({ name }: NamedEndpoint) => !controllers.has(name);
  const all = endpointsIn('listeners', settings.get('listeners') ?? `${localListener}://:9092`);
  const listeners = all.filter(ofClients);
  const advertised = endpointsIn('advertised.listeners', settings.get('advertised.listeners') ?? '').filter(ofClients);
  const [listen] = listeners;
  if (!listen) throw invalid('listeners', 'a listener for clients', settings.get('listeners') ?? 'none');
  const ofBrokers = settings.get('inter.broker.listener.name') ?? localListener;
  const own = listeners.find(({ name }) => name === ofBrokers) ?? listen;
  const reached = advertised.find(({ name }) => name === own.name) ?? { ...own, host: own.host || 'localhost' };
  const others = [...settings].filter(([name]) => !identitySettings.has(name));
  return {
    brokerId,
    clusterId: identity.clusterId,
    clusterKey: identity.clusterKey,
    dataFolder: settings.get('log.dirs') ?? settings.get('log.dir') ?? standardFolder,
    listen: { host: listen.host || '0.0.0.0', port: listen.port },
    advertised: { host: reached.host, port: reached.port },
    voters: votersIn(settings, brokerId, reached, all.find((endpoint) => !ofClients(endpoint))?.port),
    ...(settings.has('broker.rack') && { rack: settings.get('broker.rack') ?? '' }),
    ...(identity.logLevel && { logLevel: identity.logLevel }),
    settings: { ...Object.fromEntries(others), ...namedListeners(listeners, advertised) },
  };
}

/** One plain listener needs no name; any others are served by theirs. */
function namedListeners(
  listeners: readonly NamedEndpoint[],
  advertised: readonly NamedEndpoint[],
): Readonly<Record<string, string>> {
  if (listeners.length === 1 && listeners[0]?.name === localListener) return {};
  const textOf = (endpoints: readonly NamedEndpoint[]) =>
    endpoints.map(({ name, host, port }) => `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  return {
    listeners: textOf(listeners),
    ...(advertised.length > 0 && { 'advertised.listeners': textOf(advertised) }),
  };
}

function idIn(settings: ReadonlyMap<string, string>): number {
  const text = settings.get('node.id') ?? settings.get('broker.id') ?? '1';
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw invalid('node.id', 'a whole number', text);
}

/** Voters that are named by the port of their controller's listener are reached where their clients are. */
function votersIn(
  settings: ReadonlyMap<string, string>,
  brokerId: number,
  self: HostPort,
  controllerPort: number | undefined,
): readonly VoterEndpoint[] {
  const text = settings.get('controller.quorum.voters') ?? '';
  const servers = listIn(settings.get('controller.quorum.bootstrap.servers'));
  if (text === '' && servers.length > 1)
    throw invalid(
      'controller.quorum.voters',
      'id@host:port of every broker',
      'only controller.quorum.bootstrap.servers',
    );
  if (text === '') return [{ id: brokerId, host: self.host, port: self.port }];
  return listIn(text).map((entry) => {
    const match = /^(\d+)@(.+):(\d+)$/.exec(entry);
    if (!match) throw invalid('controller.quorum.voters', 'id@host:port with commas between', entry);
    const port = Number(match[3]) === controllerPort ? self.port : Number(match[3]);
    return { id: Number(match[1]), host: match[2] ?? '', port };
  });
}

function endpointsIn(setting: string, text: string): NamedEndpoint[] {
  return listIn(text).map((entry) => {
    const match = endpointForm.exec(entry);
    if (!match) throw invalid(setting, 'NAME://host:port with commas between', entry);
    return { name: match[1] ?? localListener, host: (match[2] ?? '').replace(/^\[|\]$/g, ''), port: Number(match[3]) };
  });
}

function listIn(text = ''): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function invalid(setting: string, expected: string, found: string): MillraceError {
  return new MillraceError('BROKER_CONFIG_INVALID', `expected ${expected} for ${setting}, found ${found}`);
}

/** What Kafka's image calls its levels, as a level here; undefined for none. Throws `BROKER_CONFIG_INVALID`. */
export function logLevelIn(text: string | undefined): BrokerFile['logLevel'] {
  if (text === undefined || text === '') return undefined;
  const levels = {
    TRACE: 'debug',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
    FATAL: 'error',
    OFF: 'error',
  };
  const level = levels[text.toUpperCase() as keyof typeof levels];
  if (level) return level as BrokerFile['logLevel'];
  throw invalid('KAFKA_LOG4J_ROOT_LOGLEVEL', 'a level', `"${text}"${didYouMean(text, Object.keys(levels))}`);
}
