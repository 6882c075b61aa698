import type { ProducerEntry } from '../producers/producer-entry.ts';
import type { LastOfProducer } from './batch-filter.ts';

/** The last batches of the producers that a log remembers. */
export function lastOfProducers(entries: ReadonlyMap<number, ProducerEntry>): Map<number, LastOfProducer> {
  const last = new Map<number, LastOfProducer>();
  for (const [producerId, { epoch, batches }] of entries)
    last.set(producerId, { epoch, lastDataOffset: batches.at(-1)?.lastOffset ?? -1 });
  return last;
}
