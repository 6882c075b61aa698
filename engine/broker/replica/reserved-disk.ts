import type { Disk, DiskFile } from '../../base/disk.ts';

/**
 * A disk whose small and necessary writes have a second try: `mayRetry` is told what the first one threw, makes room, and says
 * whether to try again. The metadata log, checkpoints and producer snapshots are such; records are not.
 * @param isNecessary which files are; all when absent
 */
export function reservedDisk(
  disk: Disk,
  mayRetry: (error: unknown) => boolean,
  isNecessary: (path: string) => boolean = () => true,
): Disk {
  const retried = <T>(call: () => T): T => {
    try {
      return call();
    } catch (error) {
      if (!mayRetry(error)) throw error;
      return call();
    }
  };
  return {
    descriptorsMax: disk.descriptorsMax,
    open: (path) => {
      const file = retried(() => disk.open(path));
      return isNecessary(path) ? reservedFile(file, retried) : file;
    },
    readFile: (path) => disk.readFile(path),
    writeFileAtomic: (path, content) => retried(() => disk.writeFileAtomic(path, content)),
    list: (path) => disk.list(path),
    makeFolder: (path) => retried(() => disk.makeFolder(path)),
    rename: (from, to) => retried(() => disk.rename(from, to)),
    remove: (path) => disk.remove(path),
  };
}

function reservedFile(file: DiskFile, retried: <T>(call: () => T) => T): DiskFile {
  return {
    path: file.path,
    get size() {
      return file.size;
    },
    append: (chunks) => retried(() => file.append(chunks)),
    read: (target, targetOffset, length, position) => file.read(target, targetOffset, length, position),
    writeAt: (position, bytes) => retried(() => file.writeAt(position, bytes)),
    truncate: (size) => file.truncate(size),
    sync: () => file.sync(),
    syncNow: () => file.syncNow(),
    close: () => file.close(),
  };
}
