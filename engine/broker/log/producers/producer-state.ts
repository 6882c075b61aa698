import * as layout from '../../../records/batch-layout.ts';
import type { LogRefusal } from '../log-refusal.ts';
import { logError } from '../log-refusal.ts';

/** Batches remembered per producer: the most a client may have in flight (KIP-98, KIP-185). */
export const batchesPerProducer = 5;
/** Producers remembered per partition; beyond it the one that appeared first is forgotten. */
const producersMax = 50_000;

/** A batch a producer wrote. */
export interface ProducerBatch {
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly timestampMs: number;
}

/** What is known of one producer in one partition. `batches` oldest first, all of `epoch`. */
export interface ProducerEntry {
  readonly producerId: number;
  epoch: number;
  batches: ProducerBatch[];
  lastTimestampMs: number;
  /** Epoch of the transaction coordinator of the last marker; -1 when there was none. */
  coordinatorEpoch: number;
  /** First offset of the open transaction; -1 when none is open. */
  currentTxnFirstOffset: number;
}

/** How a leader treats a batch: new, a repetition of one it has, or wrong. */
export type ProducerVerdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'duplicate'; readonly batch: ProducerBatch }
  | { readonly kind: 'refuse'; readonly refusal: LogRefusal };

const accept: ProducerVerdict = { kind: 'accept' };

/** `sequence + delta` in a space that wraps from 2^31-1 to 0. */
export function sequenceAfter(sequence: number, delta: number): number {
  return (sequence + delta) % (layout.int32Max + 1);
}

/**
 * The idempotent producers of one partition (KIP-98): the last five batches of each, checked on the leader, followed on
 * replicas. `endOffset` is the offset up to which batches have been applied.
 */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>();
  #endOffset = 0;

  get endOffset(): number {
    return this.#endOffset;
  }

  get entries(): ReadonlyMap<number, ProducerEntry> {
    return this.#entries;
  }

  /** Forgets all and stands at `endOffset`; `entries` come from a snapshot. */
  reset(endOffset: number, entries: readonly ProducerEntry[] = []): void {
    this.#entries.clear();
    for (const entry of entries) this.#entries.set(entry.producerId, entry);
    this.#endOffset = endOffset;
  }

  /** Judges a client's batch before it is appended. Batches without a producer id are accepted. */
  check(buffer: Buffer, position: number): ProducerVerdict {
    const producerId = layout.producerIdOf(buffer, position);
    const entry = producerId < 0 ? undefined : this.#entries.get(producerId);
    if (!entry) return accept; // unknown or expired producer: any sequence starts it (KIP-360)
    const epoch = layout.producerEpochOf(buffer, position);
    const first = layout.baseSequenceOf(buffer, position);
    if (epoch < entry.epoch)
      return refusal(
        logError.INVALID_PRODUCER_EPOCH,
        `epoch ${epoch} of producer ${producerId} is older than ${entry.epoch}`,
      );
    if (epoch > entry.epoch) {
      if (first === 0 || entry.epoch < 0) return accept;
      return refusal(
        logError.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `producer ${producerId} starts epoch ${epoch} at sequence ${first} instead of 0`,
      );
    }
    const last = sequenceAfter(first, layout.lastOffsetDeltaOf(buffer, position));
    const repeated = entry.batches.find((batch) => batch.baseSequence === first && batch.lastSequence === last);
    if (repeated) return { kind: 'duplicate', batch: repeated };
    const newest = entry.batches.at(-1);
    const expected = newest ? sequenceAfter(newest.lastSequence, 1) : 0;
    if (first === expected) return accept;
    return refusal(
      logError.OUT_OF_ORDER_SEQUENCE_NUMBER,
      `producer ${producerId} sent sequence ${first}, expected ${expected}`,
    );
  }

  /** Takes note of a batch that is in the log. Its offsets are final. */
  apply(buffer: Buffer, position: number): void {
    const lastOffset = layout.lastOffsetOf(buffer, position);
    this.#endOffset = lastOffset + 1;
    const producerId = layout.producerIdOf(buffer, position);
    if (producerId < 0) return;
    const attributes = layout.attributesOf(buffer, position);
    if (attributes & layout.attribute.control) this.#applyMarker(producerId, buffer, position);
    else this.#applyData(producerId, buffer, position, (attributes & layout.attribute.transactional) !== 0);
  }

  #applyData(producerId: number, buffer: Buffer, position: number, isTransactional: boolean): void {
    const entry = this.#entryFor(producerId, layout.producerEpochOf(buffer, position));
    const batch = batchAt(buffer, position);
    entry.batches.push(batch);
    if (entry.batches.length > batchesPerProducer) entry.batches.shift();
    entry.lastTimestampMs = batch.timestampMs;
    if (isTransactional && entry.currentTxnFirstOffset < 0) entry.currentTxnFirstOffset = batch.baseOffset;
  }

  /** A transaction marker ends the transaction and fences older epochs; its value holds the coordinator's epoch. */
  #applyMarker(producerId: number, buffer: Buffer, position: number): void {
    const entry = this.#entryFor(producerId, layout.producerEpochOf(buffer, position));
    entry.currentTxnFirstOffset = -1;
    entry.lastTimestampMs = layout.maxTimestampOf(buffer, position);
    entry.coordinatorEpoch = markerCoordinatorEpoch(buffer, position) ?? entry.coordinatorEpoch;
  }

  #entryFor(producerId: number, epoch: number): ProducerEntry {
    let entry = this.#entries.get(producerId);
    if (!entry) {
      if (this.#entries.size >= producersMax) this.#forgetFirst();
      entry = { producerId, epoch, batches: [], lastTimestampMs: -1, coordinatorEpoch: -1, currentTxnFirstOffset: -1 };
      this.#entries.set(producerId, entry);
    }
    if (entry.epoch !== epoch) {
      entry.epoch = epoch;
      entry.batches = [];
    }
    return entry;
  }

  #forgetFirst(): void {
    const first = this.#entries.keys().next();
    if (!first.done) this.#entries.delete(first.value);
  }

  /** Forgets producers without an open transaction whose last batch is older than `beforeMs`. */
  expire(beforeMs: number): void {
    for (const [producerId, entry] of this.#entries) {
      if (entry.currentTxnFirstOffset < 0 && entry.lastTimestampMs < beforeMs) this.#entries.delete(producerId);
    }
  }

  /** Moves on without batches: the log starts anew, or a segment begins. */
  advanceTo(endOffset: number): void {
    this.#endOffset = Math.max(this.#endOffset, endOffset);
  }

  /**
   * Puts older batches back under entries that a snapshot gave only the last batch of: `found` are batches of the log's
   * tail, oldest first. So a retry in flight is known after a clean restart too.
   */
  deepen(producerId: number, epoch: number, found: readonly ProducerBatch[]): void {
    const entry = this.#entries.get(producerId);
    const oldest = entry?.batches[0];
    if (!entry || entry.epoch !== epoch || !oldest) return;
    const older = found.filter((batch) => batch.lastOffset < oldest.baseOffset);
    entry.batches = [...older, ...entry.batches].slice(-batchesPerProducer);
  }
}

/** The producer's side of the batch at `position`. */
export function batchAt(buffer: Buffer, position: number): ProducerBatch {
  const baseSequence = layout.baseSequenceOf(buffer, position);
  return {
    baseSequence,
    lastSequence: sequenceAfter(baseSequence, layout.lastOffsetDeltaOf(buffer, position)),
    baseOffset: layout.baseOffsetOf(buffer, position),
    lastOffset: layout.lastOffsetOf(buffer, position),
    timestampMs: layout.maxTimestampOf(buffer, position),
  };
}

/** The single record of a marker: length, attributes, deltas, key (4 bytes), value (int16 version, int32 coordinator epoch). */
function markerCoordinatorEpoch(buffer: Buffer, position: number): number | undefined {
  const end = position + layout.sizeOf(buffer, position);
  const valueBytes = 6;
  const tail = valueBytes + 1; // the value is followed by a header count of 0
  return end - tail > position + layout.batchHeaderBytes ? buffer.readInt32BE(end - tail + 2) : undefined;
}

function refusal(code: LogRefusal['code'], message: string): ProducerVerdict {
  return { kind: 'refuse', refusal: { code, message } };
}
