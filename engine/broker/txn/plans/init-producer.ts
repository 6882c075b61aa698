import { errorCode } from '../../../protocol/error-codes.ts';
import type { ProducerClaim, Transaction } from '../transaction.ts';
import { isEnding, isExhausted, lastUsableEpoch, noPartitions } from '../transaction.ts';
import { fenced } from './fence.ts';
import type { TransactionPlan } from './plan.ts';
import { answer, write } from './plan.ts';

export interface InitCommand {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** The producer goes on with the id that it has (KIP-360); undefined: it is a new one. */
  readonly expected: ProducerClaim | undefined;
}

/** A transactional id has no producer id, or has used up its epochs: one has to be at hand for the plan. */
export function needsProducerId(known: Transaction | undefined): boolean {
  return known === undefined || isExhausted(known);
}

/** Takes a producer in: the next epoch fences the one before. An open transaction is aborted first. */
export function planInit(
  known: Transaction | undefined,
  { transactionalId, timeoutMs, expected }: InitCommand,
  at: { readonly nowMs: number; readonly newProducerId: number },
): TransactionPlan {
  const { nowMs, newProducerId } = at;
  const fresh = {
    transactionalId,
    lastProducerEpoch: -1,
    nextProducerId: -1,
    timeoutMs,
    phase: 'Empty',
    partitions: noPartitions,
    lastUpdateMs: nowMs,
    startMs: -1,
    clientVersion: 0,
  } as const;
  if (!known) return write({ ...fresh, producerId: newProducerId, producerEpoch: 0, previousProducerId: -1 });
  if (expected && !mayBe(known, expected)) return answer(errorCode.PRODUCER_FENCED);
  if (isEnding(known)) return answer(errorCode.CONCURRENT_TRANSACTIONS);
  if (known.phase === 'Ongoing') return { kind: 'fence', next: fenced(known, nowMs) };
  const { producerId, producerEpoch, previousProducerId } = known;
  if (isExhausted(known) && (!expected || expected.epoch === producerEpoch)) {
    const lastProducerEpoch = expected ? producerEpoch : -1;
    const rotated = { producerId: newProducerId, producerEpoch: 0, previousProducerId: producerId };
    return write({ ...fresh, ...rotated, lastProducerEpoch });
  }
  const same = { ...fresh, producerId, previousProducerId };
  if (!expected) return write({ ...same, producerEpoch: producerEpoch + 1 });
  if (expected.epoch === producerEpoch)
    return write({ ...same, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch });
  // The answer to the request before was lost: it is given again.
  if (expected.epoch === known.lastProducerEpoch)
    return write({ ...same, producerEpoch, lastProducerEpoch: known.lastProducerEpoch });
  return answer(errorCode.PRODUCER_FENCED);
}

/** Whether the claim is of the producer itself, or of itself before its id changed. Epochs are looked at later. */
function mayBe({ producerId, previousProducerId }: Transaction, expected: ProducerClaim): boolean {
  if (expected.producerId === producerId) return true;
  return expected.producerId === previousProducerId && expected.epoch >= lastUsableEpoch;
}
