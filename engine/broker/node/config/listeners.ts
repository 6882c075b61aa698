import type { HostPort } from './broker-config.ts';
import type { SecurityProtocol } from './listener-protocol.ts';
import { hasTls, listsOf, protocolMapIn, securityProtocols, standardProtocolMap } from './listener-protocol.ts';

/** Where a broker listens, under a name, with one way to keep and to prove what is said there. */
export interface Listener extends HostPort {
  /** Upper case. */
  readonly name: string;
  readonly protocol: SecurityProtocol;
  /** Where clients that came in here are sent to. */
  readonly advertised: HostPort;
}

export interface ListenerSet {
  readonly listeners: readonly [Listener, ...Listener[]];
  /** The one on which brokers reach each other. */
  readonly interBroker: Listener;
}

/** The settings that say where a broker listens. They are read together: each means something only with the others. */
export const listenerSetNames = [
  'listeners',
  'advertised.listeners',
  'listener.security.protocol.map',
  'inter.broker.listener.name',
  'security.inter.broker.protocol',
] as const;

const endpointForm = /^([A-Za-z0-9_.-]+):\/\/\[?([0-9a-zA-Z\-%._:]*?)\]?:(\d+)$/;
const portMax = 65_535;
const wildcards = ['0.0.0.0', '::'];
const standardName = 'PLAINTEXT';

interface Endpoint extends HostPort {
  readonly name: string;
}

export interface ListenPlaces {
  /** For the one listener where none are named; its host for listeners that name none. */
  readonly listen: HostPort;
  readonly advertised: HostPort | undefined;
}

/**
 * The listeners in a broker's settings, by Kafka's names; without `listeners` the one that the broker file names. Two may share a port where
 * one speaks TLS and the other does not: the first byte of a connection tells them apart. Puts what is wrong into `problems`.
 */
export function listenersFrom(
  given: ReadonlyMap<string, string>,
  { listen, advertised }: ListenPlaces,
  problems: string[],
): ListenerSet {
  const protocols = protocolsIn(given, problems);
  const named = endpointsIn(given, 'listeners', problems);
  const published = endpointsIn(given, 'advertised.listeners', problems);
  const endpoints = named ?? [{ name: soleName(given), ...listen }];
  const found = endpoints.map((endpoint): Listener => {
    const { name, port } = endpoint;
    const host = endpoint.host || listen.host;
    const protocol = protocols.get(name);
    if (protocol === undefined)
      problems.push(`expected the protocol of listener ${name} in listener.security.protocol.map, found none`);
    const own = published?.find((other) => other.name === name);
    const shown = own ?? (named ? { host, port } : (advertised ?? listen));
    if (named && wildcards.includes(shown.host))
      problems.push(`expected a host that clients can reach in advertised.listeners for ${name}, found ${shown.host}`);
    return { name, host, port, protocol: protocol ?? 'PLAINTEXT', advertised: { host: shown.host, port: shown.port } };
  });
  problems.push(...clashes(found), ...strangers(published ?? [], found));
  const [first = soleListener(listen), ...rest] = found;
  const listeners = [first, ...rest] as const;
  return { listeners: [...listeners], interBroker: interBrokerOf(given, listeners, problems) };
}

/** The name of the one listener: the first that the map names, as long as no listeners are named. */
function soleName(given: ReadonlyMap<string, string>): string {
  const map = protocolMapIn(given.get('listener.security.protocol.map') ?? '');
  return map && map.size > 0 && !map.has(standardName) ? ([...map.keys()][0] as string) : standardName;
}

function soleListener(listen: HostPort): Listener {
  return { name: standardName, protocol: 'PLAINTEXT', ...listen, advertised: listen };
}

function protocolsIn(given: ReadonlyMap<string, string>, problems: string[]): ReadonlyMap<string, SecurityProtocol> {
  const text = given.get('listener.security.protocol.map') ?? standardProtocolMap;
  const map = protocolMapIn(text);
  if (map) return map;
  problems.push(
    `expected NAME:PROTOCOL with commas between and protocols of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL for listener.security.protocol.map, found "${text}"`,
  );
  return new Map();
}

function endpointsIn(
  given: ReadonlyMap<string, string>,
  setting: string,
  problems: string[],
): readonly Endpoint[] | undefined {
  const text = given.get(setting);
  if (text === undefined || text.trim() === '') return undefined;
  return listsOf(text).flatMap((entry): Endpoint[] => {
    const [, name = '', host = '', port = ''] = endpointForm.exec(entry) ?? [];
    if (name !== '' && Number(port) <= portMax) return [{ name: name.toUpperCase(), host, port: Number(port) }];
    problems.push(`expected NAME://host:port with commas between for ${setting}, found "${entry}"`);
    return [];
  });
}

/** On one port there may be one listener with TLS and one without. */
function clashes(listeners: readonly Listener[]): string[] {
  const kindOf = ({ host, port, protocol }: Listener) => `${host}:${port} ${hasTls(protocol)}`;
  return listeners.flatMap((listener, at) => {
    const earlier = listeners.slice(0, at);
    const { name, host, port } = listener;
    if (earlier.some((other) => other.name === name)) return [`expected each listener once, found ${name} twice`];
    const twin = port !== 0 && earlier.find((other) => kindOf(other) === kindOf(listener));
    return twin ? [`expected a port of its own for listener ${name}, found that of ${twin.name}: ${host}:${port}`] : [];
  });
}

function strangers(published: readonly Endpoint[], listeners: readonly Listener[]): string[] {
  return published
    .filter(({ name }) => !listeners.some((listener) => listener.name === name))
    .map(
      ({ name }) => `expected one of ${listeners.map((l) => l.name).join(', ')} in advertised.listeners, found ${name}`,
    );
}

function interBrokerOf(
  given: ReadonlyMap<string, string>,
  listeners: readonly [Listener, ...Listener[]],
  problems: string[],
): Listener {
  const name = given.get('inter.broker.listener.name')?.toUpperCase();
  const protocol = given.get('security.inter.broker.protocol');
  const found = listeners.find((listener) =>
    name === undefined && protocol !== undefined
      ? listener.protocol === protocol
      : listener.name === (name ?? standardName),
  );
  if (!found && name === undefined && protocol !== undefined)
    problems.push(`expected the protocol of a listener for security.inter.broker.protocol, found "${protocol}"`);
  if (!found && name !== undefined)
    problems.push(
      `expected one of ${listeners.map((l) => l.name).join(', ')} for inter.broker.listener.name, found "${name}"`,
    );
  return found ?? listeners[0];
}

/** Where a broker registers its listeners, that of brokers first. */
export function endPointsOf({ listeners, interBroker }: ListenerSet) {
  const ordered = [interBroker, ...listeners.filter((listener) => listener !== interBroker)];
  return ordered.map(({ name, advertised, protocol }) => ({
    name,
    ...advertised,
    securityProtocol: securityProtocols[protocol],
  }));
}

/** `NAME://host:port`, as Kafka writes listeners. */
export function listenerText(name: string, { host, port }: HostPort): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
