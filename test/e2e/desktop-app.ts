import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { _electron } from 'playwright-core';
import { projectFolder } from '../../scripts/build.ts';

/** Where an Electron runtime lies, or why there is none. */
function findRuntime(): { readonly folder: string } | { readonly whyNot: string } {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) return { folder: given };
  if (existsSync(join(projectFolder, 'node_modules/electron/dist')))
    return { folder: join(projectFolder, 'node_modules/electron/dist') };
  const standIn = join(projectFolder, '../shared/tools/electron-runtime');
  if (!existsSync(standIn))
    return { whyNot: 'no Electron runtime on this machine; name one in ELECTRON_OVERRIDE_DIST_PATH' };
  try {
    return { folder: execFileSync(standIn, { encoding: 'utf8' }).trim() };
  } catch (error) {
    return { whyNot: `the Electron runtime could not be made: ${String(error)}` };
  }
}

/** An X server for windows that nobody looks at, where the machine has no display. */
function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || existsSync('/usr/bin/Xvfb');
}

const runtime = findRuntime();

/** Why the desktop cannot be tested here, or undefined. */
export const whyNoDesktop =
  'whyNot' in runtime ? runtime.whyNot : hasDisplay() ? undefined : 'no display on this machine, and no Xvfb';

export interface DesktopStart {
  readonly projectPath: string;
  /** Folder for what belongs to the user. */
  readonly home: string;
  readonly clusterFolder: string | undefined;
  readonly display: string | undefined;
}

/** Opens the desktop app on a project. */
export function startDesktop({
  projectPath,
  home,
  clusterFolder,
  display,
}: DesktopStart): Promise<ElectronApplication> {
  const folder = 'folder' in runtime ? runtime.folder : '';
  const studioArgs = clusterFolder === undefined ? '--no-cluster' : `--data ${clusterFolder}`;
  return _electron.launch({
    executablePath: join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron'),
    args: [projectFolder, projectPath, `--user-data-dir=${join(home, 'electron')}`],
    env: {
      ...(process.env as Record<string, string>),
      MILLRACE_HOME: home,
      MILLRACE_STUDIO_ARGS: studioArgs,
      ...(display === undefined ? {} : { DISPLAY: display }),
    },
  });
}
