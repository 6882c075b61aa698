import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what belongs to a user and to no project: `MILLRACE_HOME`, by default `~/.millrace`. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.MILLRACE_HOME ?? join(homedir(), '.millrace');
}
