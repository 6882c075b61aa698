import { hiddenField } from './hidden-field.ts';

const source = hiddenField<Uint8Array>();

/**
 * Keeps the bytes from which `data` was decoded, so that it leaves as it came when nobody made anything new of it. A copy does not
 * inherit them, and data of jobs is never changed in place.
 */
export function keepSource(data: object, bytes: Uint8Array): void {
  source.set(data, bytes);
}

/** The bytes that an untouched object or list was decoded from; undefined for everything else. */
export function sourceOf(data: object): Uint8Array | undefined {
  return source.get(data);
}
