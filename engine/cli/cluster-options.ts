import { createLog } from '../base/log.ts';
import { streamLogSink } from '../host/json-log-sink.ts';
import { NodeClock } from '../host/node-clock.ts';
import { NodeRandom } from '../host/node-random.ts';
import type { KafkaConnectionSettings } from '../kafka/connection.ts';
import { KafkaConnection } from '../kafka/connection.ts';
import { bundledClusterAddress, bundledProperties } from './bundled-cluster.ts';
import type { ClientSettings } from './client/client-settings.ts';
import { clientSettingsFrom } from './client/client-settings.ts';
import type { NamedProperties } from './client/named-properties.ts';
import { namedProperties, propertyOptions } from './client/named-properties.ts';
import type { Command, Invocation } from './command.ts';
import { UsageError } from './command.ts';
import { textOption } from './command-values.ts';

/** Options of the commands that talk to a cluster directly. */
export const clusterOptions: Command['options'] = {
  cluster: {
    type: 'string',
    value: 'host:port',
    help: 'Bundled cluster to talk to; the one that runs here by default',
  },
  servers: { type: 'string', value: 'host:port', help: 'Any other Kafka cluster, over TCP' },
  'bootstrap-server': {
    type: 'string',
    short: 'b',
    value: 'host:port',
    help: "The same, by the name of Kafka's own tools",
  },
  connection: {
    type: 'string',
    short: 'c',
    value: 'name',
    help: 'A connection saved with millrace connection add; bundled for the cluster of this installation',
  },
  ...propertyOptions,
};

/** A connection to a cluster, with what its properties say of producers and readers. */
interface OpenedClient extends Pick<ClientSettings, 'producer' | 'fetch'> {
  readonly connection: KafkaConnection;
}

/**
 * The Kafka Connection that the options, a saved connection or the running bundled cluster give, in this order; says on
 * standard error which one it is. Warnings of the client go to standard error as JSON lines.
 */
export function openClient(invocation: Invocation, saysWhich = true): OpenedClient {
  const { output, environment } = invocation;
  const clock = new NodeClock();
  const servers = serversOption(invocation);
  const cluster = textOption(invocation, 'cluster');
  if (servers !== undefined && cluster !== undefined)
    throw new UsageError('expected --cluster or --servers, found both');
  const named = namedProperties(invocation, servers ?? cluster);
  for (const warning of named.warnings) output.event({ warning }, `millrace: warning: ${warning}`);
  const tcp = cluster === undefined ? (servers ?? named.values.get('bootstrap.servers')) : undefined;
  const own = tcp === undefined ? bundledClusterAddress(cluster, environment) : undefined;
  const client = clientSettingsFrom(new Map([...bundledProperties(own, environment), ...named.values]), clock);
  const settings: KafkaConnectionSettings = {
    ...client.timing,
    ...client.security,
    ...(own === undefined
      ? { name: named.name ?? 'servers', transport: 'tcp', bootstrapServers: tcp ?? '' }
      : { name: 'bundled cluster', transport: 'websocket', bootstrapServers: own }),
  };
  const host = { clock, random: new NodeRandom(), log: createLog(streamLogSink(process.stderr), {}, 'error') };
  const connection = new KafkaConnection(settings, host);
  if (saysWhich) sayWhich(invocation, settings, named, client);
  return { connection, producer: client.producer, fetch: client.fetch };
}

/** The same for a command that only asks the cluster; `saysWhich` is not wanted of one that tells its users anyway. */
export function openCluster(invocation: Invocation, saysWhich = true): KafkaConnection {
  return openClient(invocation, saysWhich).connection;
}

function serversOption(invocation: Invocation): string | undefined {
  const named = [textOption(invocation, 'servers'), textOption(invocation, 'bootstrap-server')];
  const [servers, other] = named.filter((text) => text !== undefined);
  if (other !== undefined && other !== servers)
    throw new UsageError(`expected one of --servers and --bootstrap-server, found "${servers}" and "${other}"`);
  return servers;
}

function sayWhich(
  { output }: Invocation,
  { bootstrapServers, transport }: KafkaConnectionSettings,
  { name }: NamedProperties,
  { summary }: ClientSettings,
): void {
  const what =
    name !== undefined ? `connection "${name}"` : transport === 'websocket' ? 'the bundled cluster' : 'the servers';
  output.event(
    { using: { connection: name ?? null, bootstrapServers, transport, security: summary } },
    `using ${what} at ${bootstrapServers} (${transport === 'tcp' ? summary : `WebSocket, ${summary}`})`,
  );
}
