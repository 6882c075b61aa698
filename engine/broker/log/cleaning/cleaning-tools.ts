import type { InflationGate } from '../checks/inflation-gate.ts';
import type { KeyHash } from './key-hash.ts';

/** What cleanings need of the broker around them; one cleaning runs at a time. */
export interface CleaningTools {
  readonly hash: KeyHash;
  /** Memory for the map of keys (`log.cleaner.dedupe.buffer.size`), in bytes, and the part of it that is filled. */
  readonly dedupeBytesMax: number;
  readonly loadFactor: number;
  /** Bytes that are read at a time (`log.cleaner.io.buffer.size`); a larger batch takes as many as it has. */
  readonly ioBytes: number;
  readonly inflations: InflationGate;
  /** Lets others have a turn after `bytes` were read or written; longer where bytes per second are bounded. */
  readonly pace: (bytes: number) => Promise<void>;
}

/** What a cleaning came to. */
export interface CleaningResult {
  /** Where the next one begins. */
  readonly endOffset: number;
  /** Bytes of the segments that were replaced, and of those in their place. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** The map of keys was full before all of the dirty part was read; the rest is for the next cleaning. */
  readonly isMapFull: boolean;
}

/** The log was cut, closed, or lost segments while it was cleaned: what was done so far stands, the rest is for another time. */
export class CleaningAborted extends Error {}
