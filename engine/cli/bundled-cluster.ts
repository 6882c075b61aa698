import { join } from 'node:path';
import { MillraceError } from '../base/errors.ts';
import { readClusterFile } from '../broker/node/supervisor/cluster-file.ts';
import { isRunning } from '../host/process-identity.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `millrace cluster start` and the studio keep a cluster, below the folder they were started in or the project's. */
const clusterFolder = join('.millrace', 'cluster');

/**
 * `host:port` list of the bundled cluster: the option, else `MILLRACE_CLUSTER`, else the cluster that runs in one of `folders`
 * (the working folder by default). Undefined when there is none.
 */
export function findBundledCluster(
  option: string | undefined,
  environment: Environment,
  folders: readonly string[] = ['.'],
): string | undefined {
  const given = option ?? environment.MILLRACE_CLUSTER;
  if (given) return given;
  for (const folder of folders) {
    const file = readClusterFile(join(folder, clusterFolder));
    if (!file?.supervisor || !isRunning(file.supervisor.pid, file.supervisor.startToken)) continue;
    const host = file.host === '0.0.0.0' || file.host === '::' ? '127.0.0.1' : file.host;
    return file.brokers.map(({ port }) => `${host}:${port}`).join(',');
  }
  return undefined;
}

/** The same for a command that needs one. Throws NO_CLUSTER. */
export function bundledClusterAddress(option: string | undefined, environment: Environment): string {
  const found = findBundledCluster(option, environment);
  if (found) return found;
  throw new MillraceError(
    'NO_CLUSTER',
    'no bundled cluster runs here; start one with millrace cluster start, or name one with --cluster host:port',
  );
}
