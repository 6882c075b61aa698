import type { Disk, DiskFile } from '../../../base/disk.ts';

/**
 * The disk as the log of a partition sees it whose folder does not exist: nothing is there, and the first file that is
 * written makes the folder. A broker may be told of thousands of new partitions at once, and most of them stay empty for
 * a while: none of them may cost it a call to the disk before there is something to keep.
 */
export class DeferredFolder implements Disk {
  readonly #disk: Disk;
  #make: (() => void) | undefined;

  /** `make` is called before the first file is written, again if it fails. */
  constructor(disk: Disk, make: () => void) {
    this.#disk = disk;
    this.#make = make;
  }

  get descriptorsMax(): number | undefined {
    return this.#disk.descriptorsMax;
  }

  #ensure(): void {
    this.#make?.();
    this.#make = undefined;
  }

  open(path: string): DiskFile {
    this.#ensure();
    return this.#disk.open(path);
  }

  readFile(path: string): Buffer | undefined {
    return this.#make ? undefined : this.#disk.readFile(path);
  }

  writeFileAtomic(path: string, content: Uint8Array): void {
    this.#ensure();
    this.#disk.writeFileAtomic(path, content);
  }

  list(path: string): readonly string[] {
    return this.#make ? [] : this.#disk.list(path);
  }

  makeFolder(path: string): void {
    if (!this.#make) this.#disk.makeFolder(path);
  }

  rename(from: string, to: string): void {
    this.#ensure();
    this.#disk.rename(from, to);
  }

  remove(path: string): void {
    if (!this.#make) this.#disk.remove(path);
  }
}
