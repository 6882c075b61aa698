/** Gives back the object that it is given, so that the class below adds its field to that one. */
class Borrowed {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field gets onto an object of another class
    return object;
  }
}

/** A field that only its owner sees. */
export interface HiddenField<T> {
  /** Once for an object. */
  set(object: object, value: T): void;
  get(object: object): T | undefined;
}

/**
 * A field that objects of any kind can carry without anybody's notice: no enumeration, no copy and no JSON shows it, and it goes
 * when the object goes. It is a private field of a class, which costs a tenth of what defineProperty or a WeakMap would: every record
 * that is decoded gets one.
 */
export function hiddenField<T>(): HiddenField<T> {
  class Carrier extends Borrowed {
    readonly #value: T;

    constructor(object: object, value: T) {
      super(object);
      this.#value = value;
    }

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }
  }
  return { set: (object, value) => void new Carrier(object, value), get: Carrier.get };
}
