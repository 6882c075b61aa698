import { lockFolder } from '../../engine/host/folder-lock.ts';

/** A process that locks the folder it is told to, at the moment it is told to, and lets go of it at the next word. */
let release = () => {};
process.on('message', ({ folder, atMs = 0 }: { readonly folder?: string; readonly atMs?: number }) => {
  release();
  release = () => {};
  // Busy, so that several processes begin within the same microseconds.
  while (Date.now() < atMs);
  try {
    if (folder !== undefined) release = lockFolder(folder);
    process.send?.(folder === undefined ? 'free' : 'locked');
  } catch (error) {
    process.send?.((error as { code?: string }).code ?? String(error));
  }
});
