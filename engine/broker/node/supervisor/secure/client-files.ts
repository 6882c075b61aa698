import { existsSync, readFileSync } from 'node:fs';
import { parseProperties } from '../../../../base/properties-file.ts';
import { securityFiles, writePrivate } from './security-folder.ts';

/** How one gets into a secured cluster. */
export interface ClusterAccess {
  /** Certificate of its authority, as PEM. */
  readonly ca: string;
  readonly mechanism: 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/**
 * Writes what clients of a secured cluster need, for its user alone: `client.properties` with the names of Kafka's Java tools, and
 * `kcat.conf` with those of librdkafka.
 */
export function writeClientFiles(
  dataFolder: string,
  bootstrapServers: string,
  { mechanism, username, password }: Omit<ClusterAccess, 'ca'>,
): void {
  const { clientProperties, kcatConfig, authority } = securityFiles(dataFolder);
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  const common = {
    'bootstrap.servers': bootstrapServers,
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': mechanism,
  };
  writePrivate(
    clientProperties,
    propertiesText({
      ...common,
      'sasl.jaas.config': `${module} required username="${username}" password="${password}";`,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': authority,
    }),
  );
  writePrivate(
    kcatConfig,
    propertiesText({ ...common, 'sasl.username': username, 'sasl.password': password, 'ssl.ca.location': authority }),
  );
}

function propertiesText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}

/** The properties in the client file of a cluster; undefined where it is not secured. */
export function clientPropertiesOf(dataFolder: string): ReadonlyMap<string, string> | undefined {
  const { clientProperties } = securityFiles(dataFolder);
  if (!existsSync(clientProperties)) return undefined;
  return new Map(parseProperties(readFileSync(clientProperties, 'utf8')).map(({ name, value }) => [name, value]));
}

/** How this user gets into the cluster of a folder; undefined where nobody has to prove anything. */
export function clusterAccessOf(dataFolder: string): ClusterAccess | undefined {
  const properties = clientPropertiesOf(dataFolder);
  const jaas = properties?.get('sasl.jaas.config') ?? '';
  const [, username, password] = /username="([^"]*)" password="([^"]*)"/.exec(jaas) ?? [];
  if (username === undefined || password === undefined) return undefined;
  return {
    ca: readFileSync(securityFiles(dataFolder).authority, 'utf8'),
    mechanism: 'SCRAM-SHA-512',
    username,
    password,
  };
}
