import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { VerificationGuard } from '../../log/partition-log.ts';
import type { BatchProducer } from '../../log/producers/batch-producer.ts';
import type { BrokerServices } from '../services.ts';

/** Questions of one batch to the coordinator, at most. */
const questionsMax = 4;

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

/** A partition that a producer wants to write to in its transaction. */
export interface Entering extends EnteredPlace, BatchProducer {
  readonly transactionalId: string;
  /** The partition joins the transaction by this (version 2); else it has to be in it. */
  readonly adds: boolean;
}

type Services = Pick<BrokerServices, 'replicas' | 'transactionEntry'>;

/**
 * Sees to it that a partition led here is in a producer's transaction, before a batch of it is appended (KIP-890): at once when
 * the transaction is open here already, else its coordinator is asked.
 */
export function enterTransaction(services: Services, entering: Entering): Entered | Promise<Entered> {
  const begun = begin(services, entering);
  return begun.code !== errorCode.NONE || !begun.verification ? begun : ask(services, entering, begun);
}

function begin(
  { replicas }: Services,
  { topic, partition, producerId, producerEpoch, baseSequence }: Entering,
): Entered {
  const leader = replicas.leaderOf(topic, partition, -1);
  if (!leader.ok) return { code: leader.error, verification: undefined };
  const verification = leader.value.startVerification(producerId, producerEpoch, baseSequence);
  return { code: errorCode.NONE, verification };
}

/**
 * The answer counts only while the guard stands that was given before the question. Where a marker has come since, mostly that of the
 * producer's transaction before, it is asked again.
 */
async function ask(services: Services, entering: Entering, begun: Entered): Promise<Entered> {
  const { transactionalId, producerId, producerEpoch: epoch, topic, partition, adds } = entering;
  let asked = begun;
  for (let question = 1; ; question++) {
    const code = await services.transactionEntry.enter({ transactionalId, producerId, epoch, topic, partition, adds });
    if (code !== errorCode.NONE) return { code, verification: undefined };
    const now = begin(services, entering);
    const isSettled = now.code !== errorCode.NONE || !now.verification || now.verification === asked.verification;
    if (isSettled || question === questionsMax) return now;
    asked = now;
  }
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
