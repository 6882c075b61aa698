/** Up to this size a map is copied whole: that costs less than looking twice at every read. */
const copiedSizeMax = 1_024;
/** A layer of changes larger than this part of the map is merged into it. */
const layerShare = 16;

/**
 * A map by name of which each version shares what did not change with the one before. A large one keeps its changes in a layer
 * over the map that they change, so that a change costs what it is and not the size of the map. Written only while it is
 * made by `forkOf`; after that nobody may.
 */
export class SharedMap<V> implements ReadonlyMap<string, V> {
  readonly #base: ReadonlyMap<string, V>;
  /** Newer values by key; undefined for a key that is gone. Never holds a key that is in neither map. */
  readonly #layer: Map<string, V | undefined>;
  #size: number;

  private constructor(base: ReadonlyMap<string, V>, layer: Map<string, V | undefined>, size: number) {
    this.#base = base;
    this.#layer = layer;
    this.#size = size;
  }

  /** A version of `map` to be written to. */
  static forkOf<V>(map: ReadonlyMap<string, V>): SharedMap<V> | Map<string, V> {
    if (map.size <= copiedSizeMax) return new Map(map);
    if (!(map instanceof SharedMap)) return new SharedMap<V>(map, new Map(), map.size);
    const shared = map as SharedMap<V>;
    return shared.#layer.size * layerShare > shared.#base.size
      ? new SharedMap<V>(new Map(shared), new Map(), shared.size)
      : new SharedMap<V>(shared.#base, new Map(shared.#layer), shared.size);
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#layer.has(key) ? this.#layer.get(key) : this.#base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    if (!this.has(key)) this.#size++;
    this.#layer.set(key, value);
  }

  delete(key: string): void {
    if (!this.has(key)) return;
    this.#size--;
    this.#layer.set(key, undefined);
  }

  /** In the order of the base, new keys last. */
  *entries(): MapIterator<[string, V]> {
    for (const [key, value] of this.#base) {
      if (!this.#layer.has(key)) yield [key, value];
      else {
        const newer = this.#layer.get(key);
        if (newer !== undefined) yield [key, newer];
      }
    }
    for (const [key, value] of this.#layer) if (value !== undefined && !this.#base.has(key)) yield [key, value];
  }

  *keys(): MapIterator<string> {
    for (const key of this.#base.keys()) if (!this.#layer.has(key) || this.#layer.get(key) !== undefined) yield key;
    for (const [key, value] of this.#layer) if (value !== undefined && !this.#base.has(key)) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }
}
