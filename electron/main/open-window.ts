import { join } from 'node:path';
import { BrowserWindow, dialog, shell } from 'electron';
import { bridgeChannels } from '../bridge.ts';
import type { DocumentState } from './document-state.ts';

export interface WindowOptions {
  /** Folder of the bundles: preload.cjs lies in it. */
  readonly bundleFolder: string;
  /** `app://designer/`, or the dev server's address. */
  readonly url: string;
  readonly document: DocumentState;
}

/** Opens the window: the page is isolated, sandboxed, and goes nowhere else. */
export function openWindow({ bundleFolder, url, document }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: document.title,
    backgroundColor: '#e9edee',
    webPreferences: {
      preload: join(bundleFolder, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.on('will-navigate', (event, target) => {
    if (new URL(target).origin !== new URL(url).origin) event.preventDefault();
  });
  window.webContents.setWindowOpenHandler(({ url: target }) => {
    if (/^https?:/.test(target)) void shell.openExternal(target);
    return { action: 'deny' };
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  askBeforeClose(window, document);
  void window.loadURL(url);
  return window;
}

/** A window with changes that are not saved asks what to do with them. */
function askBeforeClose(window: BrowserWindow, document: DocumentState): void {
  let isSure = false;
  let closeWhenSaved = false;
  document.onChange(() => {
    window.setTitle(document.title);
    if (closeWhenSaved && !document.isDirty) {
      isSure = true;
      window.close();
    }
  });
  window.on('close', (event) => {
    if (isSure || !document.isDirty) return;
    event.preventDefault();
    void dialog
      .showMessageBox(window, {
        type: 'question',
        message: 'The project has changes that are not saved.',
        buttons: ['Save', 'Discard', 'Cancel'],
        defaultId: 0,
        cancelId: 2,
      })
      .then(({ response }) => {
        closeWhenSaved = response === 0;
        if (response === 0) window.webContents.send(bridgeChannels.command, 'save');
        if (response !== 1) return;
        isSure = true;
        window.close();
      });
  });
}
