import { randomBytes } from 'node:crypto';
import { MillraceError } from '../../../../base/errors.ts';
import type { ClusterFile } from '../cluster-file.ts';
import { clusterAccessOf, writeClientFiles } from './client-files.ts';
import type { UserRequest } from './first-user.ts';
import { bootstrapUser } from './first-user.ts';
import { firstUserName } from './secure-settings.ts';
import { ensureCertificates } from './security-folder.ts';

const passwordBytes = 24;

export interface SecurityRequest {
  /** Make the cluster a secured one; it stays one. */
  readonly secure?: boolean | undefined;
  /** Users that it is made with. */
  readonly addScram?: readonly UserRequest[] | undefined;
}

/** What a new cluster keeps of its security, with the password of its first user; that is written nowhere but into the client files. */
export interface ClusterSecurity {
  readonly kept: Pick<ClusterFile, 'isSecured' | 'bootstrapUsers'>;
  readonly password: string | undefined;
}

/**
 * How a cluster is secured: as it was made. Users can be added to one that is made now alone; later Kafka's own tools do that.
 * @throws MillraceError `CLUSTER_SHAPE_CHANGED`
 */
export function securityOf(
  { secure = false, addScram = [] }: SecurityRequest,
  known: ClusterFile | undefined,
): ClusterSecurity {
  if (known) {
    if (secure && !known.isSecured)
      throw new MillraceError(
        'CLUSTER_SHAPE_CHANGED',
        'expected a new cluster or a secured one, found one that was made without; use another data folder',
      );
    if (addScram.length > 0)
      throw new MillraceError(
        'CLUSTER_SHAPE_CHANGED',
        'expected a new cluster to add users to, found one that exists; add them with kafka-configs --alter --entity-type users',
      );
    const { isSecured, bootstrapUsers } = known;
    return {
      kept: { ...(isSecured && { isSecured }), ...(bootstrapUsers && { bootstrapUsers }) },
      password: undefined,
    };
  }
  const password = secure ? randomBytes(passwordBytes).toString('base64url') : undefined;
  const first = password === undefined ? [] : [{ name: firstUserName, password, mechanism: 'SCRAM-SHA-512' } as const];
  const bootstrapUsers = [...first, ...addScram].map(bootstrapUser);
  return {
    kept: { ...(secure && { isSecured: true }), ...(bootstrapUsers.length > 0 && { bootstrapUsers }) },
    password,
  };
}

/** Makes the files of a secured cluster that are missing or out of date: certificates, and what clients need. */
export function prepareSecurity(file: ClusterFile, dataFolder: string, password: string | undefined): void {
  if (!file.isSecured) return;
  ensureCertificates(dataFolder, file.brokers, file.host, Date.now());
  const known = clusterAccessOf(dataFolder);
  const login = password === undefined ? known : { username: firstUserName, password };
  if (!login) return;
  const host = file.host === '0.0.0.0' || file.host === '::' ? '127.0.0.1' : file.host;
  const bootstrapServers = file.brokers.map(({ port }) => `${host}:${port}`).join(',');
  writeClientFiles(dataFolder, bootstrapServers, { mechanism: 'SCRAM-SHA-512', ...login });
}
