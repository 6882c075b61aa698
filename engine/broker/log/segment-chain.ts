import { assert } from '../../base/assert.ts';
import type { Disk } from '../../base/disk.ts';
import { int32Max } from '../../records/batch-layout.ts';
import type { LogConfig } from './log-config.ts';
import type { LogRead, ReadOptions } from './log-operations.ts';
import type { OpenFiles } from './open-files.ts';
import { Segment } from './segment/segment.ts';
import type { AbortedTransaction } from './segment/transaction-index.ts';

/** Closed segments of one partition whose files and indexes stay in use after a read. The active one is always open. */
const openClosedSegmentsMax = 2;

/** What is about to be appended, for the decision to begin a new segment. */
export interface PlannedAppend {
  readonly sizeBytes: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
  readonly nowMs: number;
}

/** Where a partition's segments are kept. */
export interface SegmentPlace {
  readonly disk: Disk;
  readonly folder: string;
  /** Bounds the files that all logs keep open; undefined: the active segment's stays open. */
  readonly files?: OpenFiles | undefined;
}

/** The segments of one partition, ascending, never empty; the last one is active and takes appends. */
export class SegmentChain {
  readonly #list: Segment[];
  readonly #opened: Segment[] = [];
  readonly #place: SegmentPlace;
  /** Rises whenever segments, or records of them, are taken away: a cleaning that is under way gives up then. */
  removals = 0;

  /** `list` holds at least one segment. */
  constructor(list: readonly Segment[], place: SegmentPlace) {
    assert(list.length > 0, 'a log has a segment');
    this.#list = [...list];
    this.#place = place;
  }

  get active(): Segment {
    return this.#list.at(-1)!;
  }

  get first(): Segment {
    return this.#list[0]!;
  }

  get all(): readonly Segment[] {
    return this.#list;
  }

  get sizeBytes(): number {
    let sum = 0;
    for (const segment of this.#list) sum += segment.sizeBytes;
    return sum;
  }

  /** Position in `all` of the segment that holds `offset` or, when it lies below all, of the first. */
  indexOf(offset: number): number {
    let low = 0;
    for (let high = this.#list.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.#list[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where the segment at `index` ends: at the next one's base, so that gaps left by compaction belong to it. */
  endOf(index: number): number {
    return this.#list[index + 1]?.baseOffset ?? this.#list[index]!.endOffset;
  }

  /** Whole batches from the one that holds `offset` (or follows it) on, of one segment; undefined when there is none. */
  read(offset: number, { maxBytes, before, atLeastOneBatch }: ReadOptions): LogRead | undefined {
    for (let index = this.indexOf(offset); index < this.#list.length; index++) {
      const segment = this.#list[index]!;
      const read = segment.read(offset, maxBytes, before, atLeastOneBatch);
      this.touch(segment);
      if (read) return read;
    }
    return undefined;
  }

  /** Aborted transactions with records from `from` on and below `before`. */
  abortedBetween(from: number, before: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let index = this.indexOf(from); index < this.#list.length; index++) {
      const segment = this.#list[index]!;
      const { aborted, isComplete } = segment.aborted.between(from, before);
      if (aborted.length > 0) {
        found.push(...aborted);
        this.touch(segment);
      }
      if (isComplete) break;
    }
    return found;
  }

  /**
   * The log goes on in an empty segment at `baseOffset`: after the active one, which has been finished, or in its place when
   * that one is empty too.
   */
  roll(baseOffset: number, config: LogConfig, nowMs: number): void {
    const closed = this.active;
    assert(baseOffset >= closed.baseOffset, `segment ${baseOffset} follows ${closed.baseOffset}`);
    if (closed.baseOffset === baseOffset) {
      this.startAnew(baseOffset, config, nowMs);
      return;
    }
    this.#list.push(this.#create(baseOffset, config, nowMs));
    this.touch(closed);
  }

  /** Removes all segments with their files and goes on with an empty one at `baseOffset`. */
  startAnew(baseOffset: number, config: LogConfig, nowMs: number): void {
    this.removals++;
    for (const segment of this.#list.splice(0)) this.#drop(segment);
    this.#list.push(this.#create(baseOffset, config, nowMs));
  }

  #create(baseOffset: number, config: LogConfig, createdMs: number): Segment {
    return Segment.create({ ...this.#place, baseOffset, endOffset: baseOffset, config, createdMs });
  }

  /**
   * Drops every batch that holds or follows `offset`, which is not below the first segment. Returns the offset after the last
   * one that is left: a batch that straddles `offset` goes as a whole.
   */
  truncateTo(offset: number): number {
    this.removals++;
    this.removeAfter(this.indexOf(offset));
    this.active.truncateTo(offset);
    return Math.max(this.active.endOffset, this.active.baseOffset);
  }

  /** Notes that a closed segment was used, and releases the one that was used longest ago. */
  touch(segment: Segment): void {
    if (segment === this.active || this.#opened.at(-1) === segment) return;
    const at = this.#opened.indexOf(segment);
    if (at >= 0) this.#opened.splice(at, 1);
    this.#opened.push(segment);
    if (this.#opened.length > openClosedSegmentsMax) this.#opened.shift()!.release();
  }

  /** Removes the `count` oldest segments with their files. */
  removeFirst(count: number): void {
    if (count > 0) this.removals++;
    for (const segment of this.#list.splice(0, count)) this.#drop(segment);
  }

  /** Removes the segments after the one at `index` with their files. */
  removeAfter(index: number): void {
    for (const segment of this.#list.splice(index + 1)) this.#drop(segment);
    const at = this.#opened.indexOf(this.active);
    if (at >= 0) this.#opened.splice(at, 1);
  }

  /** Puts `cleaned` in the place of the segments `old`, which stand one after the other and whose files are gone. */
  replace(old: readonly Segment[], cleaned: Segment): void {
    const at = this.#list.indexOf(old[0]!);
    assert(at >= 0 && this.#list[at + old.length - 1] === old.at(-1), 'what is replaced is in the log');
    for (const segment of old) this.#forget(segment);
    this.#list.splice(at, old.length, cleaned);
  }

  #drop(segment: Segment): void {
    this.#forget(segment);
    segment.remove();
  }

  #forget(segment: Segment): void {
    const at = this.#opened.indexOf(segment);
    if (at >= 0) this.#opened.splice(at, 1);
  }
}

/** Whether a new segment must begin before `planned` is appended: size, age, a full index, or an offset 2^31 above the base. */
export function mustRoll(active: Segment, config: LogConfig, planned: PlannedAppend): boolean {
  if (active.sizeBytes === 0) return planned.lastOffset - active.baseOffset > int32Max;
  if (active.sizeBytes > config.segmentBytes - planned.sizeBytes) return true;
  if (planned.lastOffset - active.baseOffset > int32Max || active.isIndexFull) return true;
  const firstMs = active.firstTimestampMs;
  const ageMs = firstMs >= 0 ? planned.maxTimestampMs - firstMs : planned.nowMs - active.createdMs;
  return ageMs > config.segmentMs;
}
