import { readFileSync } from 'node:fs';
import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import { clusterSecurity } from '../../../engine/kafka/cluster-security.ts';
import type { KafkaConnectionSettings } from '../../../engine/kafka/connection.ts';
import { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { clientCredentials } from '../../../engine/kafka/wire/sasl/client-credentials.ts';
import type { SaslSettings } from '../../../engine/kafka/wire/sasl/sasl-settings.ts';
import type { TlsSettings } from '../../../engine/kafka/wire/tls-options.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { resourceRuntime } from '../../../engine/spi/define-runtime.ts';
import type { RuntimeHost } from '../../../engine/spi/runtime.ts';
import declaration from './activity.ts';
import { browseTopics, probeCluster } from './look-into-cluster.ts';

type Config = ConfigOfDeclaration<typeof declaration>;

function security(config: Config, host: RuntimeHost): Pick<KafkaConnectionSettings, 'tls' | 'sasl'> {
  const { securityProtocol } = config;
  return {
    tls: securityProtocol.endsWith('SSL') ? tlsOf(config, host) : undefined,
    sasl: securityProtocol.startsWith('SASL') ? saslOf(config, host) : undefined,
  };
}

function saslOf(config: Config, { clock }: RuntimeHost): SaslSettings {
  const { saslMechanism: mechanism, username = '', password = '' } = config;
  if (mechanism !== 'OAUTHBEARER') return { mechanism, username, password };
  const {
    tokenUrl = '',
    tokenClientId: clientId = '',
    tokenClientSecret: clientSecret = '',
    tokenScope: scope,
  } = config;
  return {
    mechanism,
    token: clientCredentials({ tokenUrl, clientId, clientSecret, scope: scope ?? '' }, clock, fetch),
  };
}

function tlsOf(config: Config, host: RuntimeHost): TlsSettings {
  const { caFile, keyPassword } = config;
  return {
    ...(caFile ? { ca: readPem('CA certificates', caFile, host) } : {}),
    ...clientCertificate(config, host),
    ...(keyPassword ? { passphrase: keyPassword } : {}),
  };
}

/** The client certificate from where the form says it is; fields of the other places do not count. */
function clientCertificate(config: Config, host: RuntimeHost): TlsSettings {
  const { certificateFile, keyFile, keyStoreFile, certificatePem, keyPem } = config;
  switch (config.clientCertificate) {
    case 'pkcs12':
      return keyStoreFile ? { keyStore: readBytes('Key store', keyStoreFile, host) } : {};
    case 'secrets':
      return {
        ...(certificatePem ? { certificate: certificatePem } : {}),
        ...(keyPem ? { privateKey: keyPem } : {}),
      };
    default:
      return {
        ...(certificateFile ? { certificate: readPem('Client certificate', certificateFile, host) } : {}),
        ...(keyFile ? { privateKey: readPem('Client key', keyFile, host) } : {}),
      };
  }
}

function readPem(field: string, file: string, host: RuntimeHost): string {
  return readBytes(field, file, host).toString('utf8');
}

function readBytes(field: string, file: string, host: RuntimeHost): Buffer {
  try {
    return readFileSync(host.resolvePath(file));
  } catch (cause) {
    throw new MillraceError('FILE_READ_FAILED', `${field}: could not read ${file}: ${messageOf(cause)}`, { cause });
  }
}

/** Opens a Kafka Connection: over WebSockets to the bundled cluster, over TCP or TLS to servers. Sockets open with first use. */
export const runtime = resourceRuntime(declaration, (config, host) => {
  const { clientId, connectTimeoutMs, requestTimeoutMs, retryBackoffMs, metadataMaxAgeMs } = config;
  const timing = { clientId, connectWaitMsMax: connectTimeoutMs, requestTimeoutMs, retryBackoffMs, metadataMaxAgeMs };
  const value =
    config.cluster === 'bundled'
      ? new KafkaConnection(
          {
            ...timing,
            name: host.name,
            transport: 'websocket',
            bootstrapServers: host.clusterAddress(),
            createsTopics: true,
            ...clusterSecurity(host.clusterAccess()),
          },
          host,
        )
      : new KafkaConnection(
          {
            ...timing,
            name: host.name,
            transport: 'tcp',
            bootstrapServers: config.bootstrapServers ?? '',
            ...security(config, host),
          },
          host,
        );
  return {
    value,
    probe: () => probeCluster(value),
    // Topics are the one kind of thing that a cluster has to offer.
    browse: () => browseTopics(value),
    close: async () => {},
  };
});
