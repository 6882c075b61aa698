import { writeFile } from 'node:fs/promises';
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { dialog, ipcMain } from 'electron';
import { bridgeChannels } from '../bridge.ts';
import { designerOrigin } from './designer-scheme.ts';
import type { DocumentState } from './document-state.ts';
import type { StudioSupervisor } from './studio-supervisor.ts';

/** What calls of the window are answered with. */
export interface WindowGround {
  readonly window: () => BrowserWindow | undefined;
  readonly studio: StudioSupervisor;
  readonly document: DocumentState;
  /** Origins of pages that may call: the designer, and Vite in development. */
  readonly origins: readonly string[];
}

/** Bytes of a file that the window may have written: a bundle. */
const fileBytesMax = 512 * 1024 * 1024;

/** Answers the calls of the preload script. Every call is checked for its sender; arguments are taken for what they should be, or refused. */
export function answerWindow(ground: WindowGround): void {
  const { studio, document } = ground;
  ipcMain.handle(bridgeChannels.studioAddress, (event) => {
    checkSender(event, ground);
    return studio.address();
  });
  ipcMain.handle(bridgeChannels.chooseFolder, async (event, title: unknown) => {
    checkSender(event, ground);
    const options = { title: text(title), properties: ['openDirectory', 'createDirectory'] } as const;
    const answer = await dialog.showOpenDialog(owner(ground), { ...options, properties: [...options.properties] });
    return answer.filePaths[0] ?? null;
  });
  ipcMain.handle(bridgeChannels.saveFile, async (event, name: unknown, contentBase64: unknown, kinds: unknown) => {
    checkSender(event, ground);
    const content = Buffer.from(text(contentBase64), 'base64');
    if (content.length > fileBytesMax)
      throw new Error(`expected at most ${fileBytesMax} bytes, found ${content.length}`);
    const answer = await dialog.showSaveDialog(owner(ground), { defaultPath: text(name), filters: filters(kinds) });
    if (answer.canceled || !answer.filePath) return null;
    await writeFile(answer.filePath, content);
    return answer.filePath;
  });
  ipcMain.on(bridgeChannels.document, (event, state: unknown) => {
    checkSender(event, ground);
    const { title, isDirty } = state as { title: unknown; isDirty: unknown };
    document.set({ title: text(title), isDirty: isDirty === true });
  });
}

function checkSender(event: IpcMainInvokeEvent | IpcMainEvent, { origins }: WindowGround): void {
  const url = event.senderFrame?.url ?? '';
  const isOwn = origins.some((origin) => url === origin || url.startsWith(`${origin}/`));
  if (!isOwn || event.senderFrame?.parent)
    throw new Error(`expected a call of the designer (${designerOrigin}), found ${url}`);
}

function owner({ window }: WindowGround): BrowserWindow {
  const found = window();
  if (!found) throw new Error('expected a window, found none');
  return found;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`expected text, found ${typeof value}`);
}

function filters(kinds: unknown): { name: string; extensions: string[] }[] {
  if (!Array.isArray(kinds)) return [];
  return kinds.map((kind: { name?: unknown; extensions?: unknown }) => ({
    name: text(kind.name),
    extensions: Array.isArray(kind.extensions) ? kind.extensions.map(text) : [],
  }));
}
