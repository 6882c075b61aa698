import type { Disk, DiskFile } from '../../../base/disk.ts';

/** The machine ends at this call. */
export class MachineEnded extends Error {}

/** The disk does not do this, and goes on with what is asked next. */
export class ChangeRefused extends Error {}

/** A disk that counts the calls which change something, and ends its machine at one of them: nothing works from then on. */
export class FailingDisk implements Disk {
  /** Calls so far that changed something. */
  changes = 0;
  /** The machine ends before this change; never when undefined. */
  endsAt: number | undefined;
  /** One change is refused, and the next ones are made; none when undefined. */
  refusesAt: number | undefined;
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  #change(): void {
    this.#live();
    if (this.changes++ === this.refusesAt) throw new ChangeRefused();
  }

  #live(): void {
    if (this.endsAt !== undefined && this.changes >= this.endsAt) throw new MachineEnded();
  }

  open(path: string): DiskFile {
    this.#live();
    const file = this.#disk.open(path);
    const change = () => this.#change();
    const live = () => this.#live();
    return {
      path,
      get size() {
        return file.size;
      },
      append: (chunks) => {
        change();
        file.append(chunks);
      },
      read: (target, targetOffset, length, position) => {
        live();
        return file.read(target, targetOffset, length, position);
      },
      writeAt: (position, bytes) => {
        change();
        file.writeAt(position, bytes);
      },
      truncate: (size) => {
        change();
        file.truncate(size);
      },
      sync: async () => {
        change();
        await file.sync();
      },
      syncNow: () => {
        change();
        file.syncNow();
      },
      close: () => file.close(),
    };
  }

  readFile(path: string): Buffer | undefined {
    this.#live();
    return this.#disk.readFile(path);
  }

  writeFileAtomic(path: string, content: Uint8Array): void {
    this.#change();
    this.#disk.writeFileAtomic(path, content);
  }

  list(path: string): readonly string[] {
    this.#live();
    return this.#disk.list(path);
  }

  makeFolder(path: string): void {
    this.#change();
    this.#disk.makeFolder(path);
  }

  rename(from: string, to: string): void {
    this.#change();
    this.#disk.rename(from, to);
  }

  remove(path: string): void {
    this.#change();
    this.#disk.remove(path);
  }
}
