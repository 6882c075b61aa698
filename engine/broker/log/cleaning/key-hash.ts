/** Bytes of the secret that a hash is keyed with. */
export const hashKeyBytes = 8;

/**
 * A keyed hash of 128 bits (HalfSipHash-2-4 of Aumasson and Bernstein, all four words of its state): two keys of a log with
 * the same hash would cost the older one its record, and who writes keys must not be able to choose such. The words of the
 * last call are fields, so that a record costs no object.
 */
export class KeyHash {
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  readonly #k0: number;
  readonly #k1: number;

  constructor(secret: Uint8Array) {
    const view = new DataView(secret.buffer, secret.byteOffset, hashKeyBytes);
    this.#k0 = view.getInt32(0, true);
    this.#k1 = view.getInt32(4, true);
  }

  /** Hashes `length` bytes from `from` on. */
  run(bytes: Uint8Array, from: number, length: number): void {
    let v0 = this.#k0;
    let v1 = this.#k1 ^ 0xee;
    let v2 = 0x6c796765 ^ this.#k0;
    let v3 = 0x74656462 ^ this.#k1;
    const words = length >> 2;
    let at = from;
    for (let word = 0; word <= words + 2; word++) {
      let message = 0;
      if (word < words) {
        message = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
        at += 4;
      } else if (word === words) {
        message = length << 24;
        const rest = length & 3;
        if (rest > 0) message |= bytes[at]!;
        if (rest > 1) message |= bytes[at + 1]! << 8;
        if (rest > 2) message |= bytes[at + 2]! << 16;
      } else if (word === words + 1) v2 ^= 0xee; // what follows finishes
      v3 ^= message;
      for (let round = 0; round < 2; round++) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= message;
    }
    this.a = v0;
    this.b = v1;
    this.c = v2;
    this.d = v3;
  }
}
