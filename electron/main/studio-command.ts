import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What starts the studio. */
export interface StudioCommand {
  /** Node 24; undefined: the Node inside Electron, as a utility process. */
  readonly node: string | undefined;
  readonly script: string;
  readonly args: readonly string[];
}

/** How this program was started, as far as it matters here. */
export interface Launch {
  readonly isPackaged: boolean;
  /** Folder of package.json. */
  readonly appPath: string;
  readonly projectPath: string | undefined;
  /** Port of the studio before it was restarted, so that the window finds it where it was. */
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * `millrace studio` with its answer as JSON. In unpackaged runs Node 24 from the project's own install runs it, the same major as
 * inside Electron; a packaged app has no Node beside it and hosts the studio itself.
 */
export function studioCommand({ isPackaged, appPath, projectPath, port, env }: Launch): StudioCommand {
  const extra = env.MILLRACE_STUDIO_ARGS?.split(' ').filter((argument) => argument !== '') ?? [];
  return {
    node: isPackaged ? undefined : (env.MILLRACE_NODE ?? ownNode(appPath)),
    script: join(appPath, 'dist', 'engine', 'cli.js'),
    args: [
      'studio',
      ...(projectPath === undefined ? [] : [projectPath]),
      '--port',
      String(port),
      '--no-open',
      '--json',
      ...extra,
    ],
  };
}

function ownNode(appPath: string): string {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node';
  const installed = join(appPath, 'node_modules', '.bin', name);
  return existsSync(installed) ? installed : 'node';
}
