import { join, resolve } from 'node:path';
import type { BrowserWindow } from 'electron';
import { app, dialog } from 'electron';
import { bridgeChannels } from '../bridge.ts';
import { answerWindow } from './answer-window.ts';
import { designerOrigin, registerDesignerScheme, serveDesigner } from './designer-scheme.ts';
import { DocumentState } from './document-state.ts';
import { setMenu } from './menu.ts';
import { openWindow } from './open-window.ts';
import { studioCommand } from './studio-command.ts';
import { startHost } from './studio-host.ts';
import { StudioSupervisor } from './studio-supervisor.ts';

/** The desktop shell: a window, menus, dialogs, and the studio process beside it. Everything else is the studio's. */

const appPath = app.getAppPath();
/** The dev server, when the designer is being worked on. */
const devServer = app.isPackaged ? undefined : process.env.MILLRACE_RENDERER_URL;
const document = new DocumentState();
let window: BrowserWindow | undefined;

const studio = new StudioSupervisor({
  command: (port) =>
    studioCommand({
      isPackaged: app.isPackaged,
      appPath,
      projectPath: projectOf(process.argv),
      port,
      env: process.env,
    }),
  startHost,
  env: process.env,
  onFailed: (reason) => dialog.showErrorBox('The studio could not be started', reason),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});

/** The folder on the command line: `electron . <project>`, or `millrace <project>` when packaged; switches and the app itself aside. */
function projectOf(argv: readonly string[]): string | undefined {
  const given = argv.slice(1).filter((argument) => !argument.startsWith('-') && resolve(argument) !== appPath);
  const [path = process.env.MILLRACE_PROJECT] = given;
  return path === undefined || path === '' ? undefined : resolve(path);
}

function showWindow(): void {
  if (window && !window.isDestroyed()) return window.focus();
  const url = devServer ?? `${designerOrigin}/`;
  window = openWindow({ bundleFolder: join(appPath, 'dist', 'electron'), url, document });
  window.on('closed', () => {
    window = undefined;
  });
}

/** Every way out ends the studio first; a second request to quit does not wait. */
function endStudioBeforeQuit(): void {
  let isEnding = false;
  app.on('will-quit', (event) => {
    if (isEnding) return;
    isEnding = true;
    event.preventDefault();
    void studio.stop().finally(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

registerDesignerScheme();
if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => {
    serveDesigner(join(appPath, 'dist', 'renderer'));
    answerWindow({
      window: () => window,
      studio,
      document,
      origins: devServer === undefined ? [designerOrigin] : [designerOrigin, new URL(devServer).origin],
    });
    endStudioBeforeQuit();
    studio.start();
    setMenu((commandId) => window?.webContents.send(bridgeChannels.command, commandId));
    showWindow();
  });
}
