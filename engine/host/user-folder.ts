import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what belongs to a user and to no project: `MILLRACE_HOME`, by default `~/.millrace`. */
export function userFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env.MILLRACE_HOME ?? join(homedir(), '.millrace');
}

/** Where the studio, `millrace cluster` and commands without `--cluster` keep and find the cluster of this user. */
export function userClusterFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(userFolder(env), 'cluster');
}
