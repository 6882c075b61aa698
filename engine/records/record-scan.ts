/**
 * Walks the records of a batch without making an object for any of them: a broker looks at every record that a producer
 * sends, and this is on its hot path. Layout: docs of KIP-98, `DefaultRecord` in Kafka.
 */

/** What records must be like where they are stored. */
export interface RecordRules {
  /** The topic is compacted: a record without a key could never be kept or dropped rightly. */
  readonly needsKeys: boolean;
  /** Bounds of a record's timestamp in ms; -1 (none) is always allowed. */
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** A record that breaks a rule, by its place in the batch. */
export interface RecordFault {
  readonly index: number;
  readonly kind: 'key' | 'timestamp';
  readonly timestampMs: number;
}

/** Faulty records that are told of in one batch; a batch may hold a million. */
export const recordFaultsMax = 100;

/** Largest varint of 32 bits and varlong of 64 bits, in bytes. */
const varintBytesMax = 5;
const varlongBytesMax = 10;
/** Above this a number does not hold every integer; timestamps beyond are looked at once more, exactly. */
const exactMax = Number.MAX_SAFE_INTEGER;

/** Where the varint that was read last ended. Scans are synchronous, so one is enough. */
let next = 0;

const zigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

/** A varint at `at` in full; NaN when the bytes end or it is longer than `bytesMax`. The scan reads those of one byte by itself. */
function longVarint(bytes: Buffer, at: number, bytesMax: number): number {
  const second = bytes[at + 1]!;
  if (second < 0x80) {
    next = at + 2;
    return zigzag((bytes[at]! & 0x7f) | (second << 7));
  }
  next = at;
  let value = 0;
  let scale = 1;
  for (let count = 0; count < bytesMax; count++) {
    const byte = bytes[next++];
    if (byte === undefined) return Number.NaN;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    scale *= 128;
  }
  return Number.NaN;
}

function varint(bytes: Buffer, at: number, bytesMax = varintBytesMax): number {
  const first = bytes[at]!;
  if (!(first < 0x80)) return longVarint(bytes, at, bytesMax);
  next = at + 1;
  return zigzag(first);
}

/** The outcome of a scan. One object serves many scans: what it says is true until the next one. */
export class RecordScan {
  /** Why the bytes are not the records that the header promises; undefined when they are. */
  damage: string | undefined;
  /** Records that break a rule; undefined when none does. */
  faults: RecordFault[] | undefined;
  /** Largest timestamp in ms, -1 when no record has one. */
  maxTimestampMs = -1;
  /** False when some timestamp is beyond what a number holds: `maxTimestampMs` is near it then. */
  isExact = true;

  /**
   * Looks at `count` records in `bytes` from `from` to `to`, as they are without compression. Their offset deltas have to be
   * 0, 1, 2 and so on, and the last one has to end at `to`. `exactBase` is the timestamp of the header where no number holds it.
   */
  run(
    bytes: Buffer,
    from: number,
    to: number,
    count: number,
    baseTimestampMs: number,
    rules: RecordRules,
    exactBase?: bigint,
  ): void {
    this.damage = undefined;
    this.faults = undefined;
    let max = -1;
    let isExact = Math.abs(baseTimestampMs) <= exactMax;
    const { needsKeys, earliestMs, latestMs } = rules;
    let at = from;
    for (let index = 0; index < count; index++) {
      // Five varints, read here: a call for each would double the cost.
      let first = bytes[at]!;
      const size = first < 0x80 ? zigzag(first) : longVarint(bytes, at, varintBytesMax);
      at = first < 0x80 ? at + 1 : next;
      const end = at + size;
      if (!(size > 0 && end <= to)) {
        this.damage = `record ${index} of ${count} has ${size} bytes where ${to - at} are left`;
        return;
      }
      at++; // attributes: none are defined
      const deltaAt = at;
      first = bytes[at]!;
      const delta = first < 0x80 ? zigzag(first) : longVarint(bytes, at, varlongBytesMax);
      at = first < 0x80 ? at + 1 : next;
      first = bytes[at]!;
      const offsetDelta = first < 0x80 ? zigzag(first) : longVarint(bytes, at, varintBytesMax);
      at = first < 0x80 ? at + 1 : next;
      first = bytes[at]!;
      const keyBytes = first < 0x80 ? zigzag(first) : longVarint(bytes, at, varintBytesMax);
      at = (first < 0x80 ? at + 1 : next) + (keyBytes > 0 ? keyBytes : 0);
      first = bytes[at]!;
      const valueBytes = first < 0x80 ? zigzag(first) : longVarint(bytes, at, varintBytesMax);
      at = (first < 0x80 ? at + 1 : next) + (valueBytes > 0 ? valueBytes : 0);
      at = bytes[at] === 0 ? at + 1 : headersEnd(bytes, at, end);
      if (at !== end || offsetDelta !== index) {
        this.damage = `record ${index} of ${count} ends at byte ${at} instead of ${end}, with offset delta ${offsetDelta}`;
        return;
      }
      let timestampMs = baseTimestampMs + delta;
      if (!(delta <= exactMax && delta >= -exactMax)) {
        // The sum of two numbers near 2^63 is off by hours, and one beyond it goes around, as in Java.
        isExact = false;
        timestampMs = Number(BigInt.asIntN(64, (exactBase ?? BigInt(baseTimestampMs)) + exactVarlong(bytes, deltaAt)));
      }
      if (timestampMs > max) max = timestampMs;
      if (needsKeys && keyBytes < 0) this.#note(index, 'key', timestampMs);
      else if ((timestampMs > latestMs || timestampMs < earliestMs) && timestampMs !== -1)
        this.#note(index, 'timestamp', timestampMs);
    }
    this.maxTimestampMs = max;
    this.isExact = isExact;
    if (at !== to) this.damage = `${to - at} bytes follow the last of ${count} records`;
  }

  #note(index: number, kind: RecordFault['kind'], timestampMs: number): void {
    this.faults ??= [];
    if (this.faults.length < recordFaultsMax) this.faults.push({ index, kind, timestampMs });
  }
}

/** Where the headers of a record end that begin at `from`; -1 when they are damaged or leave it. */
function headersEnd(bytes: Buffer, from: number, end: number): number {
  const count = varint(bytes, from);
  if (!(count >= 0 && count <= end - next)) return -1;
  for (let index = 0; index < count; index++) {
    const keyBytes = varint(bytes, next);
    const at = next + keyBytes;
    if (!(keyBytes >= 0 && at < end)) return -1;
    const valueBytes = varint(bytes, at);
    if (!(next + Math.max(valueBytes, 0) <= end)) return -1;
    next += Math.max(valueBytes, 0);
  }
  return next;
}

/** A record's offset and timestamp. */
export interface FoundRecord {
  readonly offsetDelta: number;
  readonly timestampMs: number;
}

/**
 * The first of `count` records from `from` on with an offset delta of at least `minOffsetDelta` and a timestamp of at least
 * `timestampMs`; undefined when there is none.
 */
export function findRecord(
  bytes: Buffer,
  from: number,
  count: number,
  baseTimestampMs: number,
  wanted: { readonly minOffsetDelta: number; readonly timestampMs: number },
): FoundRecord | 'damaged' | undefined {
  let at = from;
  for (let index = 0; index < count; index++) {
    const size = varint(bytes, at);
    const end = next + size;
    if (!(size > 0 && end <= bytes.length)) return 'damaged';
    const timestampMs = baseTimestampMs + varint(bytes, next + 1, varlongBytesMax);
    const offsetDelta = varint(bytes, next);
    if (timestampMs >= wanted.timestampMs && offsetDelta >= wanted.minOffsetDelta) return { offsetDelta, timestampMs };
    at = end;
  }
  return undefined;
}

/** The largest timestamp of records that a scan found sound, exactly: for those that no number holds. */
export function exactMaxTimestamp(bytes: Buffer, from: number, count: number, baseTimestamp: bigint): bigint {
  let max = -1n;
  let at = from;
  for (let index = 0; index < count; index++) {
    const size = varint(bytes, at);
    const timestamp = BigInt.asIntN(64, baseTimestamp + exactVarlong(bytes, next + 1));
    if (timestamp > max) max = timestamp;
    at = next + size;
  }
  return max;
}

function exactVarlong(bytes: Buffer, from: number): bigint {
  let value = 0n;
  for (let at = 0; at < varlongBytesMax; at++) {
    const byte = bytes[from + at]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * at);
    if (byte < 0x80) break;
  }
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}
