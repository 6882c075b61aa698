import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../base/random.ts';

/** Chance from the operating system. Floats are drawn from a pool, so that one costs no system call. */
export class NodeRandom implements Random {
  readonly #pool = Buffer.allocUnsafeSlow(1_536);
  #position = this.#pool.length;

  next(): number {
    if (this.#position === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#position = 0;
    }
    const value = this.#pool.readUIntBE(this.#position, 6) / 2 ** 48;
    this.#position += 6;
    return value;
  }

  bytes(count: number): Uint8Array {
    return randomBytes(count);
  }
}
