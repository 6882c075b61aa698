import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { PartitionWindow, WantedRange } from './newest-window.ts';
import { newestFirst, rangesForNewest } from './newest-window.ts';
import type { PartitionBounds, RawMessage, TopicSource } from './topic-source.ts';

/** Where a page of messages begins. */
export type ReadFrom =
  | { readonly at: 'newest' }
  | { readonly at: 'oldest' }
  | { readonly at: 'offset'; readonly offset: number }
  | { readonly at: 'time'; readonly timestampMs: number };

export interface ReadRequest {
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly from: ReadFrom;
  readonly limit: number;
}

/** A page. `reachedEnd`: there is nothing more in the direction of reading. */
export interface Page {
  readonly messages: RawMessage[];
  readonly reachedEnd: boolean;
}

/** A page is there by then, or the reader is told which partitions did not answer. */
const readWaitMsMax = 15_000;
/** Passes back through partitions that hold fewer messages than offsets (compacted, transactional). */
const passesMax = 24;
/** Records of one partition read forward when a topic has so many that `limit` of each would be too much. */
const forwardFew = 16;

/** Reads one page: the newest messages first, or from a place on, oldest first. Empty topics answer at once. */
export function readPage(source: TopicSource, clock: Clock, request: ReadRequest): Promise<Page> {
  return request.from.at === 'newest' ? readNewest(source, clock, request) : readForward(source, clock, request);
}

async function readNewest(source: TopicSource, clock: Clock, { topic, partition, limit }: ReadRequest): Promise<Page> {
  let windows: PartitionWindow[] = (await source.bounds(topic, partition)).map(({ partition: each, start, end }) => ({
    partition: each,
    start,
    end,
    from: end,
    oldestTimestampMs: undefined,
  }));
  let messages: RawMessage[] = [];
  for (let pass = 0; pass < passesMax; pass++) {
    const ranges = rangesForNewest(windows, limit, messages[limit - 1]?.timestampMs);
    if (ranges.length === 0) break;
    const read = await readRanges(source, clock, topic, ranges);
    messages = [...messages, ...read].sort(newestFirst);
    windows = windows.map((window) => widened(window, ranges, read));
  }
  const reachedEnd = messages.length <= limit && windows.every(({ from, start }) => from <= start);
  return { messages: messages.slice(0, limit), reachedEnd };
}

function widened(
  window: PartitionWindow,
  ranges: readonly WantedRange[],
  read: readonly RawMessage[],
): PartitionWindow {
  const range = ranges.find(({ partition }) => partition === window.partition);
  if (!range) return window;
  const oldest = read.find(({ partition }) => partition === window.partition)?.timestampMs;
  const oldestTimestampMs =
    oldest === undefined ? window.oldestTimestampMs : Math.min(oldest, window.oldestTimestampMs ?? oldest);
  return { ...window, from: range.from, oldestTimestampMs };
}

/**
 * From the wanted place on, `limit` records over all partitions, oldest first. A topic of very many partitions is sampled at a
 * few of each, so that one page stays one page.
 */
async function readForward(
  source: TopicSource,
  clock: Clock,
  { topic, partition, from, limit }: ReadRequest,
): Promise<Page> {
  const bounds = await startOf(source, topic, partition, from);
  const perPartition = Math.min(limit, Math.max(forwardFew, Math.ceil((limit * 4) / Math.max(1, bounds.length))));
  const ranges = bounds
    .filter(({ start, end }) => start < end)
    .map(({ partition: each, start, end }) => ({
      partition: each,
      from: start,
      to: Math.min(end, start + perPartition),
    }));
  const messages = ranges.length ? await readRanges(source, clock, topic, ranges) : [];
  messages.sort((a, b) => -newestFirst(a, b));
  const isAll = ranges.every(({ partition: each, to }) => to === bounds.find((bound) => bound.partition === each)?.end);
  return { messages: messages.slice(0, limit), reachedEnd: isAll && messages.length <= limit };
}

async function startOf(
  source: TopicSource,
  topic: string,
  partition: number | undefined,
  from: ReadFrom,
): Promise<PartitionBounds[]> {
  if (from.at === 'time') return source.offsetsAtTime(topic, from.timestampMs, partition);
  const bounds = await source.bounds(topic, partition);
  if (from.at !== 'offset') return bounds;
  return bounds.map((bound) => ({ ...bound, start: Math.min(bound.end, Math.max(bound.start, from.offset)) }));
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
        if (unfinished().length > 0) return;
        cancel();
        resolve();
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
