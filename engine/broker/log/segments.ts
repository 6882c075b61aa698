import { assert } from '../../base/assert.ts';
import { int32Max } from '../../records/batch-layout.ts';
import type { LogConfig } from './log-config.ts';
import type { Segment } from './segment.ts';

/** Closed segments of one partition whose files and indexes stay in use after a read. The active one is always open. */
const openClosedSegmentsMax = 2;

/** What is about to be appended, for the decision to begin a new segment. */
export interface PlannedAppend {
  readonly sizeBytes: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
  readonly nowMs: number;
}

/** The segments of one partition, ascending, never empty; the last one is active and takes appends. */
export class Segments {
  readonly #list: Segment[];
  readonly #opened: Segment[] = [];

  /** `list` holds at least one segment. */
  constructor(list: readonly Segment[]) {
    assert(list.length > 0, 'a log has a segment');
    this.#list = [...list];
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

  add(segment: Segment): void {
    assert(
      segment.baseOffset >= this.active.baseOffset,
      `segment ${segment.baseOffset} follows ${this.active.baseOffset}`,
    );
    const closed = this.active;
    this.#list.push(segment);
    this.touch(closed);
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
    for (const segment of this.#list.splice(0, count)) this.#drop(segment);
  }

  /** Removes the segments after the one at `index` with their files. */
  removeAfter(index: number): void {
    for (const segment of this.#list.splice(index + 1)) this.#drop(segment);
    const at = this.#opened.indexOf(this.active);
    if (at >= 0) this.#opened.splice(at, 1);
  }

  /** Removes all and goes on with `segment`, made by `create` after the old files are gone. */
  replaceAll(create: () => Segment): void {
    for (const segment of this.#list.splice(0)) this.#drop(segment);
    this.#list.push(create());
  }

  #drop(segment: Segment): void {
    const at = this.#opened.indexOf(segment);
    if (at >= 0) this.#opened.splice(at, 1);
    segment.remove();
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
