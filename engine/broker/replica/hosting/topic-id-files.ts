import type { Disk } from '../../../base/disk.ts';

/** Files that are synced at a time when all that are left are waited for: a file system writes their journal entries together. */
const syncedAtOnceMax = 16;

/**
 * Writes the files that name the topic of a partition's folder. They are synced one after the other in the background, as in
 * Kafka: a request may make hundreds of partitions, and a sync for each would hold up the broker and with it the quorum.
 * A file that a failing machine loses leaves a folder without an id, which is adopted.
 */
export class TopicIdFiles {
  readonly #unsynced: string[] = [];
  #syncing: Promise<void> | undefined;
  #onProgress: (left: number) => void = () => {};

  write(disk: Disk, path: string, topicId: string): void {
    const file = disk.open(path);
    try {
      if (file.size > 0) file.truncate(0);
      file.append([Buffer.from(`version: 0\ntopic_id: ${topicId}\n`)]);
    } finally {
      file.close();
    }
    this.#unsynced.push(path);
    this.#syncing ??= this.#syncAll(disk).finally(() => {
      this.#syncing = undefined;
    });
  }

  /** Resolves when everything written is synced and no file is open; `onProgress` hears how many are left. */
  async settled(disk: Disk, onProgress: (left: number) => void = () => {}): Promise<void> {
    this.#onProgress = onProgress;
    const more = Array.from({ length: syncedAtOnceMax - 1 }, () => this.#syncAll(disk));
    await Promise.all([this.#syncing, ...more]);
  }

  async #syncAll(disk: Disk): Promise<void> {
    for (let path = this.#unsynced.shift(); path !== undefined; path = this.#unsynced.shift()) {
      try {
        await syncFile(disk, path);
        this.#onProgress(this.#unsynced.length);
      } catch {
        // The disk fails, or the machine has: the logs that are synced on it say so, and act.
        this.#unsynced.length = 0;
      }
    }
  }
}

async function syncFile(disk: Disk, path: string): Promise<void> {
  // Its folder may have been put aside meanwhile.
  if (disk.readFile(path) === undefined) return;
  const file = disk.open(path);
  try {
    await file.sync();
  } finally {
    file.close();
  }
}
