import type { Disk } from '../../base/disk.ts';
import { MillraceError } from '../../base/errors.ts';

/** Part of the process's descriptors that logs keep open; the rest is for connections and for files that are open for a moment. */
const shareOfLogs = 0.5;
/** Files that logs may keep open where the machine does not tell its limit. */
const openFilesDefault = 4_096;
/** Fewest that make sense: a batch is read while others are written. */
const openFilesMin = 16;
/** Part of the open files that is closed when there is no room: closing one at a time would look through all of them each time. */
const closedAtOnce = 1 / 8;
/** Part that is closed when the system refuses to open one more. */
const closedOnRefusal = 1 / 2;

/** Something that keeps a file open and can open it again. */
export interface FileOwner {
  /** When the file was last used, in ticks of `OpenFiles`. */
  lastUse: number;
  closeFile(): void;
}

/**
 * Bounds the files that all logs of a broker keep open. A log has one for each segment in use, and a broker of ten thousand
 * partitions may run with a thousand descriptors: what was used longest ago is closed, and opened again when it is needed.
 */
export class OpenFiles {
  readonly max: number;
  readonly #owners = new Set<FileOwner>();
  #tick = 0;

  /** `descriptorsMax`: how many files and sockets the process may have open, as far as is known. */
  constructor(descriptorsMax: number | undefined) {
    this.max = Math.max(openFilesMin, Math.floor((descriptorsMax ?? openFilesDefault / shareOfLogs) * shareOfLogs));
  }

  get count(): number {
    return this.#owners.size;
  }

  /** A file was used: it is closed later than others. */
  used(owner: FileOwner): void {
    owner.lastUse = ++this.#tick;
  }

  /** A file was opened; others are closed when there are too many. */
  opened(owner: FileOwner): void {
    this.used(owner);
    this.#owners.add(owner);
    if (this.#owners.size > this.max) this.#closeOldest(closedAtOnce);
  }

  /** A file was closed by its owner. */
  closed(owner: FileOwner): void {
    this.#owners.delete(owner);
  }

  #closeOldest(part: number): void {
    const oldest = [...this.#owners].sort((a, b) => a.lastUse - b.lastUse);
    // The newest is in use at this moment.
    for (const owner of oldest.slice(0, Math.min(Math.ceil(oldest.length * part), oldest.length - 1))) {
      this.#owners.delete(owner);
      owner.closeFile();
    }
  }

  /** The disk, but with a second try after files were closed when the system has none left. */
  over(disk: Disk): Disk {
    const retried = <T>(call: () => T): T => {
      try {
        return call();
      } catch (error) {
        if (!isOutOfFiles(error) || this.#owners.size === 0) throw error;
        this.#closeOldest(closedOnRefusal);
        return call();
      }
    };
    return {
      descriptorsMax: disk.descriptorsMax,
      open: (path) => retried(() => disk.open(path)),
      readFile: (path) => retried(() => disk.readFile(path)),
      writeFileAtomic: (path, content) => retried(() => disk.writeFileAtomic(path, content)),
      list: (path) => retried(() => disk.list(path)),
      makeFolder: (path) => retried(() => disk.makeFolder(path)),
      rename: (from, to) => retried(() => disk.rename(from, to)),
      remove: (path) => retried(() => disk.remove(path)),
    };
  }
}

function isOutOfFiles(error: unknown): boolean {
  if (!(error instanceof MillraceError)) return false;
  const systemCode = error.details?.systemCode;
  return systemCode === 'EMFILE' || systemCode === 'ENFILE';
}
