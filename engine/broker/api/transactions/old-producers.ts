import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';

/** First version of the requests of transactions whose producers know PRODUCER_FENCED (KIP-588). */
const fencedSinceVersion = 2;

/** What producers of older versions are told of a coordinator's answer. */
export function forOldProducers(code: ErrorCode, apiVersion: number): ErrorCode {
  const isUnknown = code === errorCode.PRODUCER_FENCED && apiVersion < fencedSinceVersion;
  return isUnknown ? errorCode.INVALID_PRODUCER_EPOCH : code;
}
