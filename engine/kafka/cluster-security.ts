import type { KafkaConnectionSettings } from './connection.ts';

/** What a secured bundled cluster asks for. */
interface Access {
  readonly ca: string;
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}

/** TLS and login of a connection to the bundled cluster; nothing where it wants neither. */
export function clusterSecurity(access: Access | undefined): Pick<KafkaConnectionSettings, 'tls' | 'sasl'> {
  if (!access) return {};
  const { ca, mechanism, username, password } = access;
  return { tls: { ca }, sasl: { mechanism, username, password } };
}
