import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { BatchProducer } from '../../log/producers/batch-producer.ts';
import type { VerificationGuard } from '../../log/partition-log.ts';
import type { BrokerServices } from '../services.ts';

/** What a batch in a transaction is appended with; a code other than NONE says why it may not be. */
export interface Entered {
  readonly code: ErrorCode;
  readonly verification: VerificationGuard | undefined;
}

/** A partition that a producer writes to in its transaction. */
export interface EnteredPlace {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Sees to it that a partition led here is in a producer's transaction, before a batch of it is appended (KIP-890): at once when
 * the transaction is open here already, else its coordinator is asked.
 * @param adds the partition joins the transaction by this (version 2); else it has to be in it
 */
export function enterTransaction(
  { replicas, transactionEntry }: Pick<BrokerServices, 'replicas' | 'transactionEntry'>,
  { topic, partition }: EnteredPlace,
  transactionalId: string,
  { producerId, producerEpoch, baseSequence }: BatchProducer,
  adds: boolean,
): Entered | Promise<Entered> {
  const leader = replicas.leaderOf(topic, partition, -1);
  if (!leader.ok) return { code: leader.error, verification: undefined };
  const verification = leader.value.startVerification(producerId, producerEpoch, baseSequence);
  if (!verification) return { code: errorCode.NONE, verification };
  const claim = { producerId, epoch: producerEpoch };
  return transactionEntry
    .enter({ transactionalId, ...claim, topic, partition, adds })
    .then((code) => ({ code, verification }));
}

/** Answers of a coordinator that say nothing of the transaction: it may be asked again. */
const unanswered: ReadonlySet<number> = new Set([
  errorCode.NETWORK_EXCEPTION,
  errorCode.COORDINATOR_LOAD_IN_PROGRESS,
  errorCode.COORDINATOR_NOT_AVAILABLE,
  errorCode.NOT_COORDINATOR,
]);

/** What the producer of a batch is told in place of what its coordinator said, by what its version knows. */
export interface EntryErrors {
  /** In place of what may pass. */
  readonly passing: ErrorCode;
  /** Whether TRANSACTION_ABORTABLE is known (KIP-890); else INVALID_TXN_STATE. */
  readonly knowsAbortable: boolean;
  /** Whether the producer itself waits for the end of its last transaction. */
  readonly waitsForEnd: boolean;
}

/** Kafka's translation of the coordinator's answer for the producer. */
export function entryError(code: ErrorCode, { passing, knowsAbortable, waitsForEnd }: EntryErrors): ErrorCode {
  if (unanswered.has(code) || (code === errorCode.CONCURRENT_TRANSACTIONS && !waitsForEnd)) return passing;
  if (code === errorCode.PRODUCER_FENCED) return errorCode.INVALID_PRODUCER_EPOCH;
  if (code === errorCode.TRANSACTION_ABORTABLE && !knowsAbortable) return errorCode.INVALID_TXN_STATE;
  return code;
}
