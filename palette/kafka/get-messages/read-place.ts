import type { ReadFrom } from '../../../engine/kafka/assigned-reader.ts';
import { KafkaError } from '../../../engine/kafka/kafka-error.ts';

/** Where reading begins: in all partitions alike, and in those that the input names. */
export interface ReadPlace {
  readonly from: ReadFrom;
  readonly byPartition: ReadonlyMap<number, number>;
}

/** What the settings say, and what the input says in their place. Throws KAFKA_SEEK_FAILED for what is no offset or time. */
export function readPlace(
  config: { readonly from: 'earliest' | 'latest' | 'last' | 'offset' | 'time'; readonly offset: number },
  input: Readonly<Record<string, unknown>>,
  count: number,
): ReadPlace {
  const { offset, time } = input;
  const byPartition = new Map<number, number>();
  if (typeof offset === 'object' && offset !== null) {
    for (const [name, value] of Object.entries(offset))
      byPartition.set(
        wholeNumber(/^\d+$/.test(name) ? Number(name) : name, 'a partition'),
        wholeNumber(value, 'an offset'),
      );
  } else if (offset !== undefined && offset !== null)
    return { from: { kind: 'offset', offset: wholeNumber(offset, 'an offset') }, byPartition };
  switch (config.from) {
    case 'last':
      return { from: { kind: 'last', count }, byPartition };
    case 'offset':
      return { from: { kind: 'offset', offset: config.offset }, byPartition };
    case 'time':
      return { from: { kind: 'time', timestampMs: timeOf(time) }, byPartition };
    default:
      return { from: { kind: config.from }, byPartition };
  }
}

/** `0-2,5` as numbers; undefined for all. */
export function partitionsOf(text: string | undefined): readonly number[] | undefined {
  if (!text) return undefined;
  const numbers = text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    if (last < first || last - first > partitionsMax)
      throw new KafkaError('CONFIG_INVALID', `Partitions: expected a range such as 0-2, found ${part}`);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return [...new Set(numbers)];
}

const partitionsMax = 10_000;

function timeOf(time: unknown): number {
  const ms = typeof time === 'string' ? Date.parse(time) : time;
  if (typeof ms === 'number' && Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw seekFault('a time (milliseconds since 1970, or ISO 8601)', time);
}

function wholeNumber(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw seekFault(what, value);
}

function seekFault(what: string, found: unknown): KafkaError {
  const shown = found === undefined ? 'nothing' : JSON.stringify(found);
  return new KafkaError('KAFKA_SEEK_FAILED', `expected ${what} to read from, found ${shown}`);
}
