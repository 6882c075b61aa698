import { errorCode } from '../../protocol/error-codes.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';

/** What helps after a failure (KIP-1050): `abort` the transaction, or a new producer that `restart`s the transactional id. */
export type TransactionRecovery = 'abort' | 'restart';

/** After these the coordinator takes nothing more from this producer. */
const restartCodes: ReadonlySet<number> = new Set<number>([
  errorCode.PRODUCER_FENCED,
  errorCode.INVALID_PRODUCER_EPOCH,
  errorCode.INVALID_PRODUCER_ID_MAPPING,
  errorCode.INVALID_TXN_STATE,
  errorCode.INVALID_TRANSACTION_TIMEOUT,
  errorCode.TRANSACTION_COORDINATOR_FENCED,
  errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  errorCode.TRANSACTIONAL_ID_NOT_FOUND,
  errorCode.CLUSTER_AUTHORIZATION_FAILED,
  errorCode.UNKNOWN_PRODUCER_ID,
  errorCode.UNSUPPORTED_VERSION,
]);
const fencedCodes: ReadonlySet<number> = new Set<number>([errorCode.PRODUCER_FENCED, errorCode.INVALID_PRODUCER_EPOCH]);

/** A coordinator's error code as a fault that says in `details.recovery` what helps. */
export function transactionFault(code: number): WireFault {
  if (fencedCodes.has(code)) {
    const text =
      'another producer with this transactional id is at work, or the transaction took longer than its time-out';
    const details = { protocolError: 'PRODUCER_FENCED', recovery: 'restart' };
    return new WireFault('KAFKA_PRODUCER_FENCED', text, { details });
  }
  const fault = protocolFault(code);
  if (fault.retriable) return fault;
  const recovery: TransactionRecovery = restartCodes.has(code) ? 'restart' : 'abort';
  return new WireFault(fault.code, fault.message, { details: { ...fault.details, recovery } });
}

/** The code that decides about a request with several: one that ends things before one that time mends. */
export function worstOf(codes: Iterable<number>): number {
  const failed = [...codes].filter((code) => code !== errorCode.NONE);
  const isRestart = (code: number) => restartCodes.has(code);
  const isFinal = (code: number) => !protocolFault(code).retriable;
  return failed.find(isRestart) ?? failed.find(isFinal) ?? failed[0] ?? errorCode.NONE;
}
