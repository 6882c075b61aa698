import { MillraceError } from '../base/errors.ts';
import { readClusterFile } from '../broker/node/supervisor/cluster-file.ts';
import type { ClusterAccess } from '../broker/node/supervisor/secure/client-files.ts';
import { clientPropertiesOf, clusterAccessOf } from '../broker/node/supervisor/secure/client-files.ts';
import { isRunning } from '../host/process-identity.ts';
import { userClusterFolder } from '../host/user-folder.ts';
import { UsageError } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The cluster that was named: by the option, else by `MILLRACE_CLUSTER`. Throws UsageError for an option without anything in it. */
export function namedCluster(option: string | undefined, environment: Environment): string | undefined {
  // As `--cluster "$PROD"` is while PROD is not set: another cluster is not what was meant.
  if (option?.trim() === '') throw new UsageError('--cluster: expected host:port, found nothing');
  return option ?? (environment.MILLRACE_CLUSTER || undefined);
}

/**
 * `host:port` list of the bundled cluster: the one that was named, else this user's own cluster while it runs. Throws UsageError
 * for an option without anything in it.
 */
export function findBundledCluster(option: string | undefined, environment: Environment): string | undefined {
  const given = namedCluster(option, environment);
  if (given) return given;
  const file = readClusterFile(userClusterFolder(environment));
  if (!file?.supervisor || !isRunning(file.supervisor.pid, file.supervisor.startToken)) return undefined;
  const host = file.host === '0.0.0.0' || file.host === '::' ? '127.0.0.1' : file.host;
  return file.brokers.map(({ port }) => `${host}:${port}`).join(',');
}

/** How one gets into the cluster at an address: what this user's own cluster says, where that is the one; undefined for any other. */
export function bundledAccess(address: string | undefined, environment: Environment): ClusterAccess | undefined {
  return isOwnCluster(address, environment) ? clusterAccessOf(userClusterFolder(environment)) : undefined;
}

/** The same as properties of a client. */
export function bundledProperties(address: string | undefined, environment: Environment): ReadonlyMap<string, string> {
  const found = isOwnCluster(address, environment) ? clientPropertiesOf(userClusterFolder(environment)) : undefined;
  return new Map([...(found ?? [])].filter(([name]) => name !== 'bootstrap.servers'));
}

function isOwnCluster(address: string | undefined, environment: Environment): boolean {
  const file = readClusterFile(userClusterFolder(environment));
  if (address === undefined || !file) return false;
  const hosts = ['localhost', '127.0.0.1', file.host];
  const own = new Set(file.brokers.flatMap(({ port }) => hosts.map((host) => `${host}:${port}`)));
  return address.split(',').every((part) => own.has(part.trim()));
}

/** The address for a command that needs one. Throws NO_CLUSTER. */
export function bundledClusterAddress(option: string | undefined, environment: Environment): string {
  const found = findBundledCluster(option, environment);
  if (found) return found;
  throw new MillraceError(
    'NO_CLUSTER',
    'no bundled cluster runs here; start one with millrace cluster start, or name one with --cluster host:port',
  );
}
