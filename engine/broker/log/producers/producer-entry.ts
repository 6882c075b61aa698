import * as layout from '../../../records/batch-layout.ts';

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

/** The producer's side of the batch at `position`. */
export function batchAt(buffer: Buffer, position: number): ProducerBatch {
  const baseSequence = layout.baseSequenceOf(buffer, position);
  return {
    baseSequence,
    lastSequence:
      baseSequence < 0 ? -1 : layout.sequenceAfter(baseSequence, layout.lastOffsetDeltaOf(buffer, position)),
    baseOffset: layout.baseOffsetOf(buffer, position),
    lastOffset: layout.lastOffsetOf(buffer, position),
    timestampMs: layout.maxTimestampOf(buffer, position),
  };
}
