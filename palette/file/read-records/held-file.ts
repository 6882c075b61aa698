import type { FileHandle } from 'node:fs/promises';

const pieceBytes = 65_536;

/**
 * A file that is held open from its first read on, so that all passes over it see the same one: what is appended meanwhile is of
 * the next run, and what is put in its place is another file.
 */
export class HeldFile {
  readonly #openIt: () => Promise<FileHandle>;
  #opened: Promise<{ readonly handle: FileHandle; readonly size: number }> | undefined;

  /** `openIt` rejects with the system's own errors. */
  constructor(openIt: () => Promise<FileHandle>) {
    this.#openIt = openIt;
  }

  /**
   * Its bytes from the start, as many as it had when it was opened. Rejects with the system's own errors, and when it has become
   * shorter: records would be missing without a word.
   */
  async *bytes(): AsyncGenerator<Buffer> {
    this.#opened ??= this.#open();
    const { handle, size } = await this.#opened;
    for (let offset = 0; offset < size; ) {
      const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size - offset));
      const { bytesRead } = await handle.read(piece, 0, piece.length, offset);
      if (bytesRead === 0)
        throw new Error(`expected ${size} bytes, as when it was opened, but found ${offset}: it was cut meanwhile`);
      offset += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.handle.close();
  }

  async #open() {
    const handle = await this.#openIt();
    try {
      return { handle, size: (await handle.stat()).size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}
