import { errorCode } from '../../../protocol/error-codes.ts';
import type { ProducerClaim, Transaction } from '../transaction.ts';
import { epochBumpSinceVersion, isExhausted, lastUsableEpoch } from '../transaction.ts';
import type { TransactionPlan } from './plan.ts';
import { answer, write } from './plan.ts';

export interface EndCommand extends ProducerClaim {
  readonly isCommit: boolean;
  readonly clientVersion: number;
}

/** Decides a transaction. What is decided stands once it is written; markers and the last state follow. */
export function planEnd(
  known: Transaction | undefined,
  command: EndCommand,
  at: { readonly nowMs: number; readonly newProducerId: number },
): TransactionPlan {
  if (!known) return answer(errorCode.INVALID_PRODUCER_ID_MAPPING);
  return command.clientVersion >= epochBumpSinceVersion
    ? planWithBump(known, command, at)
    : planPlain(known, command, at);
}

/** The end of a version 2 transaction needs a new producer id where the epochs are used up. */
export function endNeedsProducerId(known: Transaction | undefined, { clientVersion }: EndCommand): boolean {
  return known !== undefined && clientVersion >= epochBumpSinceVersion && isExhausted(known);
}

function planPlain(known: Transaction, command: EndCommand, { nowMs }: { readonly nowMs: number }): TransactionPlan {
  const { isCommit } = command;
  if (command.producerId !== known.producerId) return answer(errorCode.INVALID_PRODUCER_ID_MAPPING);
  if (command.epoch !== known.producerEpoch) return answer(errorCode.PRODUCER_FENCED);
  switch (known.phase) {
    case 'Ongoing':
      return write({ ...known, ...decided(isCommit), lastUpdateMs: nowMs, clientVersion: command.clientVersion });
    case 'PrepareCommit':
    case 'PrepareAbort':
      return answer(errorCode.CONCURRENT_TRANSACTIONS);
    case 'CompleteCommit':
    case 'CompleteAbort':
      return answer(isSame(known, isCommit) ? errorCode.NONE : errorCode.INVALID_TXN_STATE);
    default:
      return answer(errorCode.INVALID_TXN_STATE);
  }
}

/**
 * Every end raises the epoch (KIP-890): the same epoch again is the next transaction, one below it the same request again. Nothing
 * to end is aborted all the same, for what its producer sent may be on its way.
 */
function planWithBump(
  known: Transaction,
  command: EndCommand,
  at: { readonly nowMs: number; readonly newProducerId: number },
): TransactionPlan {
  const { isCommit } = command;
  const isBefore = command.producerId === known.producerId && command.epoch === known.producerEpoch - 1;
  const isRetry = isBefore || isBeforeRotation(known, command);
  const isNow = command.producerId === known.producerId && command.epoch === known.producerEpoch;
  if (!isRetry && !isNow)
    return answer(
      command.producerId === known.producerId ? errorCode.PRODUCER_FENCED : errorCode.INVALID_PRODUCER_ID_MAPPING,
    );
  switch (known.phase) {
    case 'Ongoing':
      return isNow ? write(raised(known, command, at, false)) : answer(errorCode.PRODUCER_FENCED);
    case 'PrepareCommit':
    case 'PrepareAbort':
      return answer(errorCode.CONCURRENT_TRANSACTIONS);
    case 'CompleteCommit':
    case 'CompleteAbort':
      if (isRetry) return answer(isSame(known, isCommit) ? errorCode.NONE : errorCode.INVALID_TXN_STATE);
      return isCommit ? answer(errorCode.INVALID_TXN_STATE) : write(raised(known, command, at, true));
    case 'Empty':
      if (!isNow) return answer(errorCode.PRODUCER_FENCED);
      return isCommit ? answer(errorCode.INVALID_TXN_STATE) : write(raised(known, command, at, true));
    default:
      return answer(errorCode.INVALID_TXN_STATE);
  }
}

/** The request again whose answer named a new producer id. */
function isBeforeRotation({ previousProducerId, producerEpoch }: Transaction, command: EndCommand): boolean {
  return command.producerId === previousProducerId && command.epoch === lastUsableEpoch && producerEpoch === 0;
}

function isSame({ phase }: Transaction, isCommit: boolean): boolean {
  return isCommit === (phase === 'CompleteCommit');
}

function decided(isCommit: boolean): Pick<Transaction, 'phase'> {
  return { phase: isCommit ? 'PrepareCommit' : 'PrepareAbort' };
}

function raised(
  known: Transaction,
  { isCommit, clientVersion }: EndCommand,
  { nowMs, newProducerId }: { readonly nowMs: number; readonly newProducerId: number },
  isEmpty: boolean,
): Transaction {
  return {
    ...known,
    ...decided(isCommit),
    producerEpoch: known.producerEpoch + 1,
    lastProducerEpoch: known.producerEpoch,
    nextProducerId: isExhausted(known) ? newProducerId : -1,
    lastUpdateMs: nowMs,
    startMs: isEmpty ? nowMs : known.startMs,
    clientVersion,
  };
}
