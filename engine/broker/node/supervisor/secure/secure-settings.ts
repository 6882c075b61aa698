import { securityFiles } from './security-folder.ts';

/** Who may do everything in a cluster that is made secure. */
export const firstUserName = 'admin';

/** Settings of a broker of a secured cluster: TLS and a login for everybody, and nothing allowed that no rule allows. */
export function secureSettings(dataFolder: string, brokerId: number): Readonly<Record<string, string>> {
  const files = securityFiles(dataFolder);
  return {
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,SCRAM-SHA-256',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': files.brokerKeys(brokerId),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': files.authority,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${firstUserName}`,
  };
}
