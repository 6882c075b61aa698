import { clusterAccessOf } from '../broker/node/supervisor/secure/client-files.ts';
import { securityFiles } from '../broker/node/supervisor/secure/security-folder.ts';

/** Where the user of a secured cluster finds what clients need. */
export interface SecuredAccess {
  readonly username: string;
  readonly mechanism: string;
  /** For Kafka's Java tools and every `millrace` command; it holds the password. */
  readonly clientProperties: string;
  /** The same for kcat. */
  readonly kcatConfig: string;
  /** Certificate of the cluster's authority. */
  readonly authority: string;
}

/** Undefined where the cluster in the folder is not secured. */
export function securedAccess(dataFolder: string): SecuredAccess | undefined {
  const access = clusterAccessOf(dataFolder);
  if (!access) return undefined;
  const { clientProperties, kcatConfig, authority } = securityFiles(dataFolder);
  const { username, mechanism } = access;
  return { username, mechanism, clientProperties, kcatConfig, authority };
}

/** What a user does with that, tool by tool. */
export function accessText(access: SecuredAccess, bootstrapServers: string): string {
  const { username, mechanism, clientProperties, kcatConfig, authority } = access;
  return [
    `It wants TLS and a login (SASL_SSL, ${mechanism}). User ${username}; the password is in the files below, which only you may read.`,
    `  Kafka's tools     kafka-topics --bootstrap-server ${bootstrapServers} --command-config ${clientProperties} --list`,
    `  kcat              kcat -F ${kcatConfig} -L`,
    `  Kafka Connection  SASL_SSL, ${mechanism}, CA file ${authority}; the bundled connection logs in by itself`,
    '',
  ].join('\n');
}
