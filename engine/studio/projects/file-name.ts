/** Ending of a file that is being written beside its place. */
export const partEnding = '.part';

/**
 * Whether a file of the document may have this name. Refused are names that would hide from a user or mean something to a system:
 * a dot in front (hidden), a dot or blank at an end (Windows drops it), control and direction characters, `:` and backslash, and
 * the ending of half-written files, which nobody would list again.
 */
export function isFileName(name: string): boolean {
  return !/^[.\s]|[.\s]$|[\p{C}\\:]/u.test(name) && name !== '' && !name.endsWith(partEnding);
}
