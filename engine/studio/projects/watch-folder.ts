import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { projectFolders } from './project-folder.ts';

/** Changes that come closer together than this are told of once: an editor or git writes many files in a burst. */
const settleMs = 120;

/** The project's folder itself. */
const root = '';

/**
 * Calls `onChange` some time after files of the project's own folders changed. Watches those folders only, never the data beside
 * them. The system watches a folder and not its name, so a folder that was taken away, made anew or swapped for another (git
 * checkout, stash, rebase) is watched anew. A system that cannot watch (too many watches) is no reason to fail: saving compares
 * revisions anyway.
 */
export function watchProjectFolder(folder: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      startAll();
      onChange();
    }, settleMs);
  };
  const drop = (name: string) => {
    watchers.get(name)?.close();
    watchers.delete(name);
  };
  const start = (name: string, path: string, changed: (kind: string, file: string | null) => void) => {
    if (watchers.has(name)) return;
    try {
      const watcher = watch(path, { persistent: false }, changed);
      watchers.set(name, watcher);
      watcher.on('error', () => {
        if (watchers.get(name) === watcher) drop(name);
      });
    } catch {
      // The folder is not there yet; the watch on the one around it tells when it comes.
    }
  };
  /** Names came or went in the project's folder. */
  const changedInRoot = (kind: string, file: string | null) => {
    if (kind === 'rename') for (const name of projectFolders) if (file === null || file === name) drop(name);
    settle();
  };
  /** Only the name of the project's folder counts there. */
  const changedAround = (kind: string, file: string | null) => {
    if (kind !== 'rename' || (file !== null && file !== basename(folder))) return;
    for (const name of [root, ...projectFolders]) drop(name);
    settle();
  };
  const startAll = () => {
    start('..', dirname(folder), changedAround);
    start(root, folder, changedInRoot);
    for (const name of projectFolders) start(name, join(folder, name), settle);
  };
  startAll();
  return () => {
    clearTimeout(timer);
    for (const name of [...watchers.keys()]) drop(name);
  };
}
