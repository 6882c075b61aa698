import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../bridge.ts';
import { bridgeChannels } from '../bridge.ts';

/** The window's only way to the desktop: one typed object, plain data, no Node. */
const bridge: DesktopBridge = {
  studioAddress: () => ipcRenderer.invoke(bridgeChannels.studioAddress),
  chooseFolder: (title) => ipcRenderer.invoke(bridgeChannels.chooseFolder, title),
  saveFile: (name, contentBase64, kinds) => ipcRenderer.invoke(bridgeChannels.saveFile, name, contentBase64, kinds),
  onCommand: (listener) => {
    const take = (_event: unknown, commandId: string) => listener(commandId);
    ipcRenderer.on(bridgeChannels.command, take);
    return () => ipcRenderer.off(bridgeChannels.command, take);
  },
  setDocument: (document) => ipcRenderer.send(bridgeChannels.document, document),
};

contextBridge.exposeInMainWorld('millraceDesktop', bridge);
