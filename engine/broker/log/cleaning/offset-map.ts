import { assert } from '../../../base/assert.ts';
import type { KeyHash } from './key-hash.ts';

/** Four words of hash and an offset: as many bytes as in Kafka's SkimpyOffsetMap. */
export const slotBytes = 24;
const hashWords = 4;
/** Fewest slots that are made: a map of none would never let a cleaning come to an end. */
const slotsMin = 16;

/**
 * The latest offset of each key, known by its hash, in a memory of fixed size. Offsets that are put ascend. Where there is no
 * room for another key, `put` says so.
 */
export class OffsetMap {
  /** Largest offset up to which the map knows all records; -1 when it knows none. */
  latestOffset = -1;
  /** Keys that are in the map. */
  size = 0;
  readonly keysMax: number;
  readonly #slots: number;
  readonly #hashes: Int32Array;
  /** Offset + 1; 0 where a slot is free. */
  readonly #offsets: Float64Array;

  /**
   * @param bytesMax memory that may be taken
   * @param loadFactor part of the slots that is used, in (0, 1)
   * @param keysExpected how many keys may come: no more memory is taken than they need
   */
  constructor(bytesMax: number, loadFactor: number, keysExpected: number) {
    assert(loadFactor > 0 && loadFactor < 1, `load factor ${loadFactor} is between 0 and 1`);
    const needed = Math.ceil((keysExpected + 1) / loadFactor);
    this.#slots = Math.max(Math.min(Math.floor(bytesMax / slotBytes), needed), slotsMin);
    this.keysMax = Math.max(Math.floor(this.#slots * loadFactor), 1);
    this.#hashes = new Int32Array(this.#slots * hashWords);
    this.#offsets = new Float64Array(this.#slots);
  }

  /** Notes that the key with this hash has a record at `offset`. False, and nothing is noted, when it is new and there is no room. */
  put(hash: KeyHash, offset: number): boolean {
    const slot = this.#slotOf(hash);
    if (this.#offsets[slot] === 0) {
      if (this.size >= this.keysMax) return false;
      const at = slot * hashWords;
      this.#hashes[at] = hash.a;
      this.#hashes[at + 1] = hash.b;
      this.#hashes[at + 2] = hash.c;
      this.#hashes[at + 3] = hash.d;
      this.size++;
    }
    this.#offsets[slot] = offset + 1;
    return true;
  }

  /** The latest offset of the key with this hash; -1 when it has none. */
  get(hash: KeyHash): number {
    return this.#offsets[this.#slotOf(hash)]! - 1;
  }

  /** The slot of the key, or the free one where it would go. */
  #slotOf({ a, b, c, d }: KeyHash): number {
    const hashes = this.#hashes;
    const offsets = this.#offsets;
    const slots = this.#slots;
    for (let slot = (a >>> 0) % slots; ; slot = slot + 1 === slots ? 0 : slot + 1) {
      if (offsets[slot] === 0) return slot;
      const at = slot * hashWords;
      if (hashes[at] === a && hashes[at + 1] === b && hashes[at + 2] === c && hashes[at + 3] === d) return slot;
    }
  }
}
