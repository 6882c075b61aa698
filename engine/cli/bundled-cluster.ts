import { MillraceError } from '../base/errors.ts';
import { readClusterFile } from '../broker/node/supervisor/cluster-file.ts';
import { isRunning } from '../host/process-identity.ts';
import { userClusterFolder } from '../host/user-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `host:port` list of the bundled cluster: the option, else `MILLRACE_CLUSTER`, else this user's own cluster while it runs. */
export function findBundledCluster(option: string | undefined, environment: Environment): string | undefined {
  const given = option ?? environment.MILLRACE_CLUSTER;
  if (given) return given;
  const file = readClusterFile(userClusterFolder(environment));
  if (!file?.supervisor || !isRunning(file.supervisor.pid, file.supervisor.startToken)) return undefined;
  const host = file.host === '0.0.0.0' || file.host === '::' ? '127.0.0.1' : file.host;
  return file.brokers.map(({ port }) => `${host}:${port}`).join(',');
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
