import { refused } from '../../base/result.ts';

/** The wire error codes (Kafka's error table) that a log can answer with. This folder must not import protocol/, so they are named here. */
export const logError = {
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  MESSAGE_TOO_LARGE: 10,
  RECORD_LIST_TOO_LARGE: 18,
  INVALID_TIMESTAMP: 32,
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 43,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  INVALID_PRODUCER_EPOCH: 47,
  INVALID_TXN_STATE: 48,
  TRANSACTION_COORDINATOR_FENCED: 52,
  UNSUPPORTED_COMPRESSION_TYPE: 76,
  INVALID_RECORD: 87,
} as const;

export type LogErrorCode = (typeof logError)[keyof typeof logError];

/** What is wrong with one record of a refused batch (KIP-467). */
export interface RecordError {
  /** Its place in the batch. */
  readonly batchIndex: number;
  readonly message: string;
}

/** Why a log did not do what it was asked: a wire error code and a sentence for the client. Nothing was changed. */
export interface LogRefusal {
  readonly code: LogErrorCode;
  readonly message: string;
  /** The records at fault, as far as the fault is theirs. */
  readonly recordErrors?: readonly RecordError[];
}

/** A refusal as a Result. */
export function refuse(code: LogErrorCode, message: string): { readonly ok: false; readonly error: LogRefusal } {
  return refused({ code, message });
}
