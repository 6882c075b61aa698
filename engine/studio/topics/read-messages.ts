import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { Direction, PartitionPlace, WantedRange } from './page-lanes.ts';
import { PageLanes } from './page-lanes.ts';
import type { PartitionBounds, RawMessage, TopicSource } from './topic-source.ts';

/** Where a page of messages begins. `cursor` is the `next` of the page before; partitions that it does not name are done. */
export type ReadFrom =
  | { readonly at: 'newest' }
  | { readonly at: 'oldest' }
  | { readonly at: 'offset'; readonly offset: number }
  | { readonly at: 'time'; readonly timestampMs: number }
  | PageCursor;

/** Where the page behind another one begins. */
export interface PageCursor {
  readonly at: 'cursor';
  readonly direction: Direction;
  readonly places: PartitionPlace[];
}

export interface ReadRequest {
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly from: ReadFrom;
  readonly limit: number;
}

/** A page, and where the next one begins: null when there is nothing more in the direction of reading. */
export interface Page {
  readonly messages: readonly RawMessage[];
  readonly next: PageCursor | null;
}

/** A page is there by then, or the reader is told which partitions did not answer. */
const readWaitMsMax = 15_000;
/** Passes through partitions that hold fewer messages than offsets (compacted, transactional); the page is short then, and goes on. */
const passesMax = 24;

/**
 * Reads one page: the newest messages first, or from a place on, oldest first. By time between partitions, by offset inside of
 * one. Empty topics answer at once.
 */
export async function readPage(source: TopicSource, clock: Clock, request: ReadRequest): Promise<Page> {
  const { topic, partition, from, limit } = request;
  const direction = from.at === 'cursor' ? from.direction : from.at === 'newest' ? 'back' : 'on';
  const lanes = new PageLanes(await startOf(source, topic, partition, from), direction, limit);
  for (let pass = 0; pass < passesMax; pass++) {
    const ranges = lanes.wanted();
    if (ranges.length === 0) break;
    lanes.add(await readRanges(source, clock, topic, ranges));
  }
  const places = lanes.next();
  return { messages: lanes.messages, next: places === null ? null : { at: 'cursor', direction, places } };
}

/** Where one message lies. */
export interface MessagePlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** One message, whatever lies behind it. Rejects with MESSAGE_GONE, TOPIC_READ_TIMEOUT. */
export async function readMessage(source: TopicSource, clock: Clock, place: MessagePlace): Promise<RawMessage> {
  const { topic, partition, offset } = place;
  const isHeld = (await source.bounds(topic, partition)).some(({ start, end }) => offset >= start && offset < end);
  const range = { partition, from: offset, to: offset + 1 };
  const [message] = isHeld ? await readRanges(source, clock, topic, [range]) : [];
  if (message) return message;
  throw new MillraceError(
    'MESSAGE_GONE',
    `expected a message at ${topic}[${partition}] @ ${offset}, found none: it was deleted or compacted away`,
  );
}

async function startOf(
  source: TopicSource,
  topic: string,
  partition: number | undefined,
  from: ReadFrom,
): Promise<PartitionBounds[]> {
  if (from.at === 'time') return source.offsetsAtTime(topic, from.timestampMs, partition);
  const bounds = await source.bounds(topic, partition);
  if (from.at === 'cursor') return bounds.flatMap((bound) => boundsFromCursor(bound, from));
  if (from.at !== 'offset') return bounds;
  return bounds.map((bound) => ({ ...bound, start: Math.min(bound.end, Math.max(bound.start, from.offset)) }));
}

/** What retention removed meanwhile is left out; what came meanwhile is read when going on. */
function boundsFromCursor(bound: PartitionBounds, { direction, places }: PageCursor): PartitionBounds[] {
  const place = places.find(({ partition }) => partition === bound.partition);
  if (!place) return [];
  const at = Math.min(bound.end, Math.max(bound.start, place.offset));
  return [direction === 'back' ? { ...bound, end: at } : { ...bound, start: at }];
}

/** All records in the ranges. Rejects with TOPIC_READ_TIMEOUT. */
async function readRanges(
  source: TopicSource,
  clock: Clock,
  topic: string,
  ranges: readonly WantedRange[],
): Promise<RawMessage[]> {
  const ends = new Map(ranges.map(({ partition, to }) => [partition, to]));
  const records: RawMessage[] = [];
  let told: () => void = () => {};
  const offsets = ranges.map(({ partition, from }) => ({ partition, offset: from }));
  const reading = source.readFrom(topic, offsets, () => told());
  const unfinished = () => ranges.filter(({ partition, to }) => reading.position(partition) < to);
  const take = () => {
    for (let record = reading.next(); record; record = reading.next())
      if (record.offset < (ends.get(record.partition) ?? 0)) records.push(record);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(readWaitMsMax, () => reject(timedOut(topic, unfinished())));
      told = () => {
        take();
        const open = unfinished();
        const damaged = open.map(({ partition }) => reading.failure(partition)).find(Boolean);
        if (damaged === undefined && open.length > 0) return;
        cancel();
        if (damaged === undefined) resolve();
        else reject(damaged);
      };
      told();
    });
    return records;
  } finally {
    told = () => {};
    void reading.close();
  }
}

function timedOut(topic: string, ranges: readonly WantedRange[]): MillraceError {
  const partitions = ranges.map(({ partition }) => partition).join(', ');
  const message = `expected the messages of "${topic}" within ${readWaitMsMax / 1000} s, found no answer for partition ${partitions}; are their brokers up?`;
  return new MillraceError('TOPIC_READ_TIMEOUT', message, { retriable: true });
}
