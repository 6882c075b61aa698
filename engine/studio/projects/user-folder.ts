import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what belongs to a user and to no project, by the custom of the system. `MILLRACE_HOME` names another one. */
export function userFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.MILLRACE_HOME) return env.MILLRACE_HOME;
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Millrace');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Millrace');
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'millrace');
}
