import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { projectFolders } from './project-folder.ts';

/** Changes that come closer together than this are told of once: an editor or git writes many files in a burst. */
const settleMs = 120;

/**
 * Calls `onChange` some time after files of the project's own folders changed. Watches those folders only, never the data beside
 * them. A system that cannot watch (too many watches) is no reason to fail: saving compares revisions anyway.
 */
export function watchProjectFolder(folder: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const name of projectFolders) start(name);
      onChange();
    }, settleMs);
  };
  const start = (name: string) => {
    if (watchers.has(name)) return;
    try {
      const watcher = watch(join(folder, name), { persistent: false }, settle);
      watchers.set(name, watcher);
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(name);
      });
    } catch {
      // The folder is not there yet; the watch on the project's folder tells when it comes.
    }
  };
  for (const name of ['', ...projectFolders]) start(name);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}
