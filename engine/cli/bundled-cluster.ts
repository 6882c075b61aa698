import { homedir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '../base/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the bundled cluster of this user keeps its data: `MILLRACE_HOME/cluster`, by default in `~/.millrace`. */
export function clusterFolder(environment: Environment): string {
  return join(environment.MILLRACE_HOME ?? join(homedir(), '.millrace'), 'cluster');
}

/** `host:port` list of the bundled cluster: the option, else `MILLRACE_CLUSTER`. Throws NO_CLUSTER. */
export async function bundledClusterAddress(option: string | undefined, environment: Environment): Promise<string> {
  const given = option ?? environment.MILLRACE_CLUSTER;
  if (given) return given;
  throw new MillraceError(
    'NO_CLUSTER',
    'no bundled cluster runs here; start one with millrace cluster start, or name one with --cluster host:port',
  );
}
