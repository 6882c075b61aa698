/** A first-in first-out queue with a fixed capacity: a ring, no allocation per item. */
export class BoundedQueue<T> {
  readonly capacity: number;
  #items: (T | undefined)[];
  #head = 0;
  #length = 0;

  /** `capacity` in items, >= 1. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#items = new Array(Math.min(capacity, 16));
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= this.capacity;
  }

  /** Adds an item; false, and nothing added, when the queue is full. */
  push(item: T): boolean {
    if (this.isFull) return false;
    if (this.#length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#length) % this.#items.length] = item;
    this.#length++;
    return true;
  }

  /** The oldest item without removing it. */
  peek(): T | undefined {
    return this.#length ? this.#items[this.#head] : undefined;
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    if (!this.#length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#items.length;
    this.#length--;
    return item;
  }

  #grow(): void {
    const items = new Array<T | undefined>(Math.min(this.capacity, this.#items.length * 2));
    for (let index = 0; index < this.#length; index++)
      items[index] = this.#items[(this.#head + index) % this.#items.length];
    this.#items = items;
    this.#head = 0;
  }
}
