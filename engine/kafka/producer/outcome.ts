import { errorCode, errorName, errorTable } from '../../protocol/error-codes.ts';
import type { WireFault } from '../kafka-error.ts';
import { protocolFault } from '../kafka-error.ts';

/** What a broker's answer about one batch means. Only `retry` leaves open whether it was written, by this try or an earlier one. */
export type Outcome =
  /** The offset is undefined where the broker does not tell it. */
  | { readonly kind: 'written'; readonly baseOffset: number | undefined }
  /** The same batch again, later; `moved`: the partition is led by another broker, or is another. */
  | { readonly kind: 'retry'; readonly moved: boolean; readonly fault: WireFault }
  /** Too large for the topic: in smaller ones. */
  | { readonly kind: 'split'; readonly fault: WireFault }
  /** One record is bad and it is not said which. */
  | { readonly kind: 'isolate'; readonly fault: WireFault }
  /** These records (by index) are bad; the rest again. */
  | { readonly kind: 'some'; readonly faults: ReadonlyMap<number, WireFault> }
  /** The broker has lost count: again under new numbers; `needsId`: under a new producer id; `isOutOfOrder`: its count is another. */
  | { readonly kind: 'renumber'; readonly needsId: boolean; readonly isOutOfOrder: boolean; readonly fault: WireFault }
  | { readonly kind: 'failed'; readonly fault: WireFault };

/** One partition's row of a Produce answer. */
export interface ProduceRow {
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[];
}

/** Errors of leadership and of topics that are not (or no longer) there: the metadata is old. */
const movedCodes = new Set<number>([
  errorCode.NOT_LEADER_OR_FOLLOWER,
  errorCode.LEADER_NOT_AVAILABLE,
  errorCode.FENCED_LEADER_EPOCH,
  errorCode.UNKNOWN_LEADER_EPOCH,
  errorCode.UNKNOWN_TOPIC_OR_PARTITION,
  errorCode.UNKNOWN_TOPIC_ID,
  errorCode.INCONSISTENT_TOPIC_ID,
  errorCode.KAFKA_STORAGE_ERROR,
  errorCode.REPLICA_NOT_AVAILABLE,
]);
const tooLargeCodes = new Set<number>([errorCode.MESSAGE_TOO_LARGE, errorCode.RECORD_LIST_TOO_LARGE]);
/** Errors of single records (KIP-467). */
const recordCodes = new Set<number>([errorCode.INVALID_RECORD, errorCode.INVALID_TIMESTAMP]);
const lostCountCodes = new Set<number>([errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, errorCode.UNKNOWN_PRODUCER_ID]);
const staleWriterCodes = new Set<number>([errorCode.INVALID_PRODUCER_EPOCH, errorCode.INVALID_PRODUCER_ID_MAPPING]);

/** Judges one row. @param count records of the batch */
export function judge(row: ProduceRow, count: number, isIdempotent: boolean): Outcome {
  const { errorCode: code, baseOffset, errorMessage, recordErrors } = row;
  if (code === errorCode.NONE) return { kind: 'written', baseOffset: baseOffset < 0 ? undefined : baseOffset };
  // Written by an earlier try that is further back than the broker remembers offsets.
  if (code === errorCode.DUPLICATE_SEQUENCE_NUMBER) return { kind: 'written', baseOffset: undefined };
  const fault = protocolFault(code, errorMessage);
  if (movedCodes.has(code)) return { kind: 'retry', moved: true, fault };
  if (tooLargeCodes.has(code)) return count > 1 ? { kind: 'split', fault } : { kind: 'failed', fault };
  if (recordCodes.has(code) && count > 1) {
    const faults = recordFaults(code, errorMessage, recordErrors, count);
    return faults.size > 0 ? { kind: 'some', faults } : { kind: 'isolate', fault };
  }
  if (recordCodes.has(code))
    return { kind: 'failed', fault: recordFaults(code, errorMessage, recordErrors, 1).get(0) ?? fault };
  if (isIdempotent && lostCountCodes.has(code))
    return { kind: 'renumber', needsId: false, isOutOfOrder: code === errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, fault };
  if (isIdempotent && staleWriterCodes.has(code))
    return { kind: 'renumber', needsId: true, isOutOfOrder: false, fault };
  const name = errorName(code);
  return name && errorTable[name].retriable ? { kind: 'retry', moved: false, fault } : { kind: 'failed', fault };
}

function recordFaults(
  code: number,
  errorMessage: string | null,
  recordErrors: ProduceRow['recordErrors'],
  count: number,
): Map<number, WireFault> {
  const faults = new Map<number, WireFault>();
  for (const { batchIndex, batchIndexErrorMessage } of recordErrors)
    if (batchIndex >= 0 && batchIndex < count)
      faults.set(batchIndex, protocolFault(code, batchIndexErrorMessage ?? errorMessage));
  return faults;
}
