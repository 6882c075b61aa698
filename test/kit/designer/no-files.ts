import type { FilesPort } from '../../../renderer/store/files-port.ts';

/** Takes files and keeps none. */
export const noFiles: FilesPort = { save: (fileName) => Promise.resolve(fileName) };
