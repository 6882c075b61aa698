import { pickFreePorts } from '../../engine/broker/node/supervisor/free-ports.ts';
import type { TestCertificates } from '../../engine/kafka/testing/test-certificates.ts';
import type { ApacheKafka } from './apache-kafka.ts';
import { startApacheKafka } from './apache-kafka.ts';

/** Listeners of a secured Apache Kafka, each with its address. */
export interface SecureKafka extends Pick<ApacheKafka, 'stop'> {
  /** TLS; the broker wants a client certificate. */
  readonly mutualTls: string;
  /** TLS with user and password or token. */
  readonly saslTls: string;
  readonly saslPlaintext: string;
}

/** The one user, for every mechanism. */
export const secureUser = { username: 'ann', password: 'p4ss-word' } as const;
/** Sessions end after this: clients have to log in again. */
export const sessionMs = 4_000;

const login = 'org.apache.kafka.common.security';
const inProperties = (pem: string) => pem.trim().replaceAll('\n', '\\n');

function saslConfig(listener: string): Record<string, string> {
  const of = (mechanism: string) => `listener.name.${listener}.${mechanism}.sasl.jaas.config`;
  return {
    [of('plain')]: `${login}.plain.PlainLoginModule required user_${secureUser.username}="${secureUser.password}";`,
    [of('scram-sha-256')]: `${login}.scram.ScramLoginModule required;`,
    [of('scram-sha-512')]: `${login}.scram.ScramLoginModule required;`,
    [of('oauthbearer')]: `${login}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    [`listener.name.${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [`listener.name.${listener}.connections.max.reauth.ms`]: `${sessionMs}`,
  };
}

/** Starts one node of Apache Kafka with listeners for each kind of security beside the plain one. */
export async function startSecureKafka({ ca, server }: TestCertificates): Promise<SecureKafka> {
  const [mutual, saslTls, saslPlaintext] = (await pickFreePorts('127.0.0.1', 3)) as [number, number, number];
  const kafka = await startApacheKafka({
    listeners: { MUTUAL: mutual, SASLTLS: saslTls, SASLPLAIN: saslPlaintext },
    protocols: { MUTUAL: 'SSL', SASLTLS: 'SASL_SSL', SASLPLAIN: 'SASL_PLAINTEXT' },
    config: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': inProperties(server.certificate),
      'ssl.keystore.key': inProperties(server.key),
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': inProperties(ca),
      'listener.name.mutual.ssl.client.auth': 'required',
      ...saslConfig('sasltls'),
      ...saslConfig('saslplain'),
    },
    scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=${secureUser.username},password=${secureUser.password}]`,
    ),
  });
  const at = (port: number) => `127.0.0.1:${port}`;
  return { mutualTls: at(mutual), saslTls: at(saslTls), saslPlaintext: at(saslPlaintext), stop: kafka.stop };
}
