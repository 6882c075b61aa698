/** Under this key a decoded object or list remembers the bytes that it came from. Not enumerable: nothing but this file sees it. */
const source = Symbol('source bytes');

/**
 * Keeps the bytes from which `data` was decoded, so that it leaves as it came when nobody made anything new of it. A copy does not
 * inherit them, and data of jobs is never changed in place.
 */
export function keepSource(data: object, bytes: Uint8Array): void {
  Object.defineProperty(data, source, { value: bytes });
}

/** The bytes that an untouched object or list was decoded from; undefined for everything else. */
export function sourceOf(data: object): Uint8Array | undefined {
  return (data as { [source]?: Uint8Array })[source];
}
