import type { Command, Invocation } from '../command.ts';
import { pairListOption, textOption } from '../command-values.ts';
import { givenProperties, readCommandConfig, withSecrets } from './given-properties.ts';
import { bundledName, readConnections, savedConnection } from './saved-connections.ts';

/** Options that give properties of Kafka's clients. */
export const propertyOptions: Command['options'] = {
  'command-config': {
    type: 'string',
    value: 'file',
    help: "Properties of Kafka's Java clients: security.protocol, sasl.jaas.config, ssl.truststore.location, ...",
  },
  property: {
    type: 'string',
    short: 'X',
    multiple: true,
    value: 'name=value',
    help: 'One property, by the name that Java or librdkafka has for it; may be repeated. Others on this machine can see it',
  },
};

/** Properties of a client, and the saved connection that they begin with. */
export interface NamedProperties {
  readonly name: string | undefined;
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/**
 * The properties that a command line gives: of the saved connection, over them those of `--command-config`, over them `-X`.
 * `servers` are named by another option: then the connection that is in use otherwise is not meant. Throws
 * CONNECTION_UNKNOWN, CLIENT_CONFIG_UNREADABLE, SECRET_MISSING.
 */
export function namedProperties(invocation: Invocation, servers: string | undefined): NamedProperties {
  const name = connectionName(invocation, servers);
  const saved = name === undefined ? {} : savedConnection(readConnections(invocation.environment), name);
  const file = textOption(invocation, 'command-config');
  const layers = [
    givenProperties(Object.entries(saved), `connection "${name}"`),
    ...(file === undefined ? [] : [readCommandConfig(file)]),
    givenProperties(pairListOption(invocation, 'property'), '-X'),
  ];
  const values = new Map(layers.flatMap((layer) => [...layer.values]));
  return {
    name,
    values: withSecrets(values, invocation.environment),
    warnings: layers.flatMap((layer) => layer.warnings),
  };
}

/** The saved connection that is meant: the one named, else the one in use, unless servers are named otherwise. */
function connectionName(invocation: Invocation, servers: string | undefined): string | undefined {
  const { environment } = invocation;
  const named = textOption(invocation, 'connection') ?? (environment.MILLRACE_CONNECTION || undefined);
  if (named !== undefined) return named === bundledName ? undefined : named;
  if (servers !== undefined || environment.MILLRACE_CLUSTER) return undefined;
  if (givesServers(invocation)) return undefined;
  return readConnections(environment).current ?? undefined;
}

/** Whether properties on the command line say where the servers are. */
function givesServers(invocation: Invocation): boolean {
  const file = textOption(invocation, 'command-config');
  const given = givenProperties(pairListOption(invocation, 'property'), '-X').values;
  return (
    given.has('bootstrap.servers') || (file !== undefined && readCommandConfig(file).values.has('bootstrap.servers'))
  );
}
