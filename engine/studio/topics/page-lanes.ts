import type { PartitionBounds, RawMessage } from './topic-source.ts';

/** Back: the newest first, towards the start of the log. On: the oldest first, towards its end. */
export type Direction = 'back' | 'on';

/** Offsets to read of one partition: `from` up to (not including) `to`. */
export interface WantedRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Where a page ended in one partition: going back, offsets below are not shown yet; going on, this one and those above. */
export interface PartitionPlace {
  readonly partition: number;
  readonly offset: number;
}

/** Offsets read from a partition at first, so that a topic of many partitions does not cost `limit` times as much. */
const firstChunk = 16;

/** One partition while a page is put together. */
interface Lane {
  readonly partition: number;
  /** Offsets that were not read yet: from `start` up to (not including) `end`. */
  start: number;
  end: number;
  /** What was read, in the direction of the page. */
  readonly read: RawMessage[];
  /** How many of `read` are on the page. */
  taken: number;
  /** Offsets asked for so far. */
  asked: number;
}

/**
 * Puts a page together from partitions that are each read a piece at a time. The page is ordered by time between partitions and
 * by offset inside of one, whatever times the producers set: so what it shows of a partition is one stretch without gaps, and the
 * next page begins right behind it. Nothing is skipped and nothing comes twice.
 */
export class PageLanes {
  readonly messages: RawMessage[] = [];
  readonly #direction: Direction;
  readonly #limit: number;
  readonly #lanes: Lane[];

  constructor(bounds: readonly PartitionBounds[], direction: Direction, limit: number) {
    this.#direction = direction;
    this.#limit = limit;
    this.#lanes = bounds.map((bound) => ({ ...bound, read: [], taken: 0, asked: 0 }));
  }

  /** What to read next; nothing when the page is full or the log is at its end. Each range is to be read and handed to `add`. */
  wanted(): WantedRange[] {
    if (this.messages.length >= this.#limit) return [];
    const chunk = Math.max(firstChunk, Math.ceil(this.#limit / Math.max(1, this.#lanes.length)));
    return this.#lanes.filter(isDry).map((lane) => {
      // Doubles with every pass: the number of passes stays small when one partition holds the whole page.
      const length = Math.min(lane.end - lane.start, Math.max(chunk, lane.asked));
      lane.asked += length;
      const from = this.#direction === 'back' ? lane.end - length : lane.start;
      if (this.#direction === 'back') lane.end = from;
      else lane.start += length;
      return { partition: lane.partition, from, to: from + length };
    });
  }

  /** Takes the messages of the wanted ranges, in any order, and fills the page as far as they allow. */
  add(messages: readonly RawMessage[]): void {
    const sign = this.#direction === 'back' ? -1 : 1;
    const lanes = new Map(this.#lanes.map((lane) => [lane.partition, lane]));
    for (const message of messages.toSorted((a, b) => sign * (a.offset - b.offset)))
      lanes.get(message.partition)?.read.push(message);
    this.#fill();
  }

  /** Where the next page begins; null when there is nothing more in this direction. */
  next(): PartitionPlace[] | null {
    const open = this.#lanes.filter((lane) => lane.taken < lane.read.length || lane.start < lane.end);
    if (open.length === 0) return null;
    return open.map((lane) => ({ partition: lane.partition, offset: this.#placeOf(lane) }));
  }

  #placeOf({ read, taken, start, end }: Lane): number {
    const waiting = read[taken]?.offset;
    if (this.#direction === 'back') return waiting === undefined ? end : waiting + 1;
    return waiting ?? start;
  }

  /** Takes the next message by time, as long as the next one of every partition is known. */
  #fill(): void {
    const sign = this.#direction === 'back' ? -1 : 1;
    while (this.messages.length < this.#limit && !this.#lanes.some(isDry)) {
      let best: Lane | undefined;
      for (const lane of this.#lanes) {
        const message = lane.read[lane.taken];
        if (!message) continue;
        const other = best?.read[best.taken];
        if (!other || sign * (message.timestampMs - other.timestampMs) < 0) best = lane;
      }
      if (!best) return;
      this.messages.push(best.read[best.taken]!);
      best.taken++;
    }
  }
}

/** Its next message is not known, and there may be one. */
function isDry({ read, taken, start, end }: Lane): boolean {
  return taken === read.length && start < end;
}
