/** A closed range of message versions. The empty range has `max < min`. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** Upper end of an open range such as `3+`: versions are int16 on the wire. */
export const versionMax = 32_767;

export const noVersions: VersionRange = { min: 0, max: -1 };

/**
 * Reads the notation of Kafka's message definitions: `3+`, `4-7`, `0` or `none`.
 * Runs when a schema module loads, so a typing error shows at start, not at the first message.
 */
export function parseVersions(text: string): VersionRange {
  if (text === 'none') return noVersions;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new Error(`expected versions like "3+", "4-7", "0" or "none", found "${text}"`);
  const min = Number(match[1]);
  if (match[2] === '+') return { min, max: versionMax };
  return { min, max: match[3] === undefined ? min : Number(match[3]) };
}

export function inVersions(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}
