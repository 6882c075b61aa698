import type { Log } from '../base/log.ts';
import type { RecordPlace } from '../spi/record-place.ts';
import type { StarterEvent, StarterInstance } from '../spi/runtime.ts';

/** Records that a run was told to pass over: the way past one that a process stopped at. */
export class SkippedRecords {
  readonly #places: ReadonlySet<string>;

  constructor(places: readonly RecordPlace[] = []) {
    this.#places = new Set(places.map(nameOf));
  }

  /** Settles an event that is one of these records, as if its job had ended well, and says so. False for every other event. */
  take(event: StarterEvent, starter: StarterInstance, log: Log): boolean {
    if (this.#places.size === 0) return false;
    const place = starter.record?.(event.output);
    if (!place || !this.#places.has(nameOf(place))) return false;
    log.warn('record skipped, as the run was told to', { ...place });
    event.settle({ ok: true });
    return true;
  }
}

function nameOf({ topic, partition, offset }: RecordPlace): string {
  return `${topic}-${partition}@${offset}`;
}
