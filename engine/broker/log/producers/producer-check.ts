import * as layout from '../../../records/batch-layout.ts';
import { markerAt } from '../../../records/transaction-marker.ts';
import type { LogRefusal } from '../log-refusal.ts';
import { logError } from '../log-refusal.ts';
import type { ProducerBatch, ProducerEntry } from './producer-entry.ts';
import type { VerificationGuard, Verifications } from './verifications.ts';

/** How a leader treats a batch: new, a repetition of one it has, or wrong. */
export type ProducerVerdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'duplicate'; readonly batch: ProducerBatch }
  | { readonly kind: 'refuse'; readonly refusal: LogRefusal };

/** Nothing is wrong. An unknown or expired producer may start at any sequence (KIP-360). */
export const accepted: ProducerVerdict = { kind: 'accept' };

/** First version of transactions whose markers carry a new epoch of the producer (KIP-890). */
const newEpochSinceVersion = 2;

/** Judges epoch and sequence of a client's batch by what is known of its producer (KIP-98). */
export function checkSequence(entry: ProducerEntry, buffer: Buffer, position: number): ProducerVerdict {
  const { producerId } = entry;
  const epoch = layout.producerEpochOf(buffer, position);
  const first = layout.baseSequenceOf(buffer, position);
  if (epoch < entry.epoch)
    return refuse(
      logError.INVALID_PRODUCER_EPOCH,
      `epoch ${epoch} of producer ${producerId} is older than ${entry.epoch}`,
    );
  if (epoch > entry.epoch) {
    if (first === 0 || entry.epoch < 0) return accepted;
    return refuse(
      logError.OUT_OF_ORDER_SEQUENCE_NUMBER,
      `producer ${producerId} starts epoch ${epoch} at sequence ${first} instead of 0`,
    );
  }
  const last = layout.sequenceAfter(first, layout.lastOffsetDeltaOf(buffer, position));
  const repeated = entry.batches.find((batch) => batch.baseSequence === first && batch.lastSequence === last);
  if (repeated) return { kind: 'duplicate', batch: repeated };
  const newest = entry.batches.at(-1);
  const expected = newest ? layout.sequenceAfter(newest.lastSequence, 1) : 0;
  if (first === expected) return accepted;
  const message = `producer ${producerId} sent sequence ${first}, expected ${expected}`;
  return refuse(logError.OUT_OF_ORDER_SEQUENCE_NUMBER, message);
}

/**
 * Judges what a client's batch does to a transaction: one that is open takes only its own batches, and a batch begins one here
 * only when the coordinator was asked whether the partition is in it (KIP-890).
 */
export function checkTransaction(
  entry: ProducerEntry | undefined,
  buffer: Buffer,
  position: number,
  verifications: Verifications,
  guard: VerificationGuard | undefined,
): LogRefusal | undefined {
  const isOpen = entry !== undefined && entry.currentTxnFirstOffset >= 0;
  const code = logError.INVALID_TXN_STATE;
  if (!layout.isTransactional(buffer, position)) {
    if (!isOpen) return undefined;
    return { code, message: `producer ${entry.producerId} has a transaction open, and sent a batch outside of it` };
  }
  if (isOpen && entry.epoch === layout.producerEpochOf(buffer, position)) return undefined;
  const producerId = layout.producerIdOf(buffer, position);
  if (!verifications.stands(producerId, guard))
    return { code, message: `the partition is not known to be in the transaction of producer ${producerId}` };
  const sequence = layout.baseSequenceOf(buffer, position);
  const lowest = verifications.lowestSequence(producerId) ?? sequence;
  if (sequence <= lowest) return undefined;
  const message = `producer ${producerId} sent sequence ${sequence}, and ${lowest} of its transaction waits`;
  return { code: logError.OUT_OF_ORDER_SEQUENCE_NUMBER, message };
}

/**
 * Judges a coordinator's batch, by epochs alone. A marker has the epoch of its transaction's records; from version 2 on a newer
 * one, so that late records cannot come after it.
 */
export function checkInternal(
  entry: ProducerEntry,
  buffer: Buffer,
  position: number,
  transactionVersion: number,
): LogRefusal | undefined {
  const epoch = layout.producerEpochOf(buffer, position);
  const marker = layout.isControl(buffer, position) ? markerAt(buffer, position) : undefined;
  const isOpen = entry.currentTxnFirstOffset >= 0;
  const mustBeNewer = marker !== undefined && isOpen && transactionVersion >= newEpochSinceVersion;
  if (epoch < entry.epoch || (mustBeNewer && epoch === entry.epoch)) {
    const message = `epoch ${epoch} of producer ${entry.producerId} is not newer than ${entry.epoch}`;
    return { code: logError.INVALID_PRODUCER_EPOCH, message };
  }
  if (!marker || marker.coordinatorEpoch >= entry.coordinatorEpoch) return undefined;
  const message = `a marker of coordinator epoch ${marker.coordinatorEpoch} comes after one of ${entry.coordinatorEpoch}`;
  return { code: logError.TRANSACTION_COORDINATOR_FENCED, message };
}

function refuse(code: LogRefusal['code'], message: string): ProducerVerdict {
  return { kind: 'refuse', refusal: { code, message } };
}
