import { hiddenField } from './hidden-field.ts';

const source = hiddenField<Uint8Array>();
const origins = hiddenField<readonly object[]>();

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

/**
 * Remembers that `data` is a part of decoded objects, or was built with parts of them: the parts leave as they came too. `roots` have a
 * source each.
 */
export function keepOrigins(data: object, roots: readonly object[]): void {
  if (roots.length && !origins.get(data) && !sourceOf(data)) origins.set(data, roots);
}

/** Decoded objects and lists whose parts may stand in `data`: itself, or what it was made of. Undefined where none is known. */
export function originsOf(data: object): readonly object[] | undefined {
  return sourceOf(data) ? [data] : origins.get(data);
}
