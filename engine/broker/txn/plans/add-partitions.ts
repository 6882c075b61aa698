import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { PartitionsByTopic, ProducerClaim, Transaction } from '../transaction.ts';
import { isAtRest, isEnding, withPartitions } from '../transaction.ts';
import type { TransactionPlan } from './plan.ts';
import { answer, write } from './plan.ts';

/** Why a producer may not act in the transaction now; NONE when it may. */
export function checkClaim(known: Transaction | undefined, claim: ProducerClaim): ErrorCode {
  if (!known || known.producerId !== claim.producerId) return errorCode.INVALID_PRODUCER_ID_MAPPING;
  if (known.producerEpoch !== claim.epoch) return errorCode.PRODUCER_FENCED;
  return isEnding(known) ? errorCode.CONCURRENT_TRANSACTIONS : errorCode.NONE;
}

/** Partitions join the transaction, which begins with the first. */
export function planAddPartitions(
  known: Transaction | undefined,
  claim: ProducerClaim,
  {
    partitions,
    clientVersion,
    nowMs,
  }: {
    readonly partitions: PartitionsByTopic;
    readonly clientVersion: number;
    readonly nowMs: number;
  },
): TransactionPlan {
  const code = checkClaim(known, claim);
  if (!known || code !== errorCode.NONE) return answer(code);
  const begins = isAtRest(known);
  const all = withPartitions(known.partitions, partitions);
  if (!begins && all === known.partitions) return answer(errorCode.NONE);
  const startMs = begins ? nowMs : known.startMs;
  return write({ ...known, phase: 'Ongoing', partitions: all, lastUpdateMs: nowMs, startMs, clientVersion });
}

/** Whether partitions are in the producer's open transaction: asked by their leaders before they append (KIP-890). */
export function verify(
  known: Transaction | undefined,
  claim: ProducerClaim,
  topic: string,
  partition: number,
): ErrorCode {
  const code = checkClaim(known, claim);
  if (code !== errorCode.NONE) return code;
  const isIn = known?.phase === 'Ongoing' && known.partitions.get(topic)?.includes(partition) === true;
  return isIn ? errorCode.NONE : errorCode.TRANSACTION_ABORTABLE;
}
