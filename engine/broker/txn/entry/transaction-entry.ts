import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { PartitionOutcome, PartitionsByTopic, ProducerClaim } from '../transaction.ts';
import { ArrivalOrder } from './arrival-order.ts';

/** What one producer's transaction is asked. */
export interface EntryQuestion extends ProducerClaim {
  readonly transactionalId: string;
  /** Whether the partitions are to join the transaction (version 2), or must be in it. */
  readonly adds: boolean;
  readonly partitions: PartitionsByTopic;
}

export interface TransactionEntryOptions {
  readonly log: Log;
  /** Who coordinates a transactional id; undefined: nobody at present. */
  readonly coordinatorOf: (transactionalId: string) => number | undefined;
  /** Asks a broker (AddPartitionsToTxn); the outcomes of each question in order. Rejects when there is no answer. */
  readonly ask: (
    brokerId: number,
    questions: readonly EntryQuestion[],
  ) => Promise<readonly (readonly PartitionOutcome[])[]>;
}

/** One partition that wants into a producer's transaction. */
export interface Entrance extends ProducerClaim {
  readonly transactionalId: string;
  readonly adds: boolean;
  readonly topic: string;
  readonly partition: number;
}

interface Waiting extends Entrance {
  readonly answer: (code: ErrorCode) => void;
}

interface Lane {
  queued: Waiting[];
  isAsking: boolean;
}

/**
 * Leaders of partitions ask here whether a producer's transaction has their partition, or for it to be added, before they append
 * the first batch of it (KIP-890). All that waits for one coordinator goes in one request, one request at a time to each.
 */
export class TransactionEntry {
  /**
   * Of the batches of a producer for a partition. A connection's requests are worked on side by side here: one that need not ask, or asks
   * later and is answered sooner, would be appended before one that waits, and refused for the gap in its sequence.
   */
  readonly order = new ArrivalOrder();
  readonly #options: TransactionEntryOptions;
  readonly #lanes = new Map<number, Lane>();

  constructor(options: TransactionEntryOptions) {
    this.#options = options;
  }

  /** NONE: the partition is in the transaction. NETWORK_EXCEPTION, COORDINATOR_NOT_AVAILABLE: nobody could say. */
  enter(entrance: Entrance): Promise<ErrorCode> {
    const brokerId = this.#options.coordinatorOf(entrance.transactionalId);
    if (brokerId === undefined) return Promise.resolve(errorCode.COORDINATOR_NOT_AVAILABLE);
    return new Promise((answer) => {
      const lane = this.#lanes.get(brokerId) ?? { queued: [], isAsking: false };
      this.#lanes.set(brokerId, lane);
      lane.queued.push({ ...entrance, answer });
      if (!lane.isAsking) void this.#drain(brokerId, lane);
    });
  }

  async #drain(brokerId: number, lane: Lane): Promise<void> {
    lane.isAsking = true;
    await Promise.resolve(); // what one request wants goes together
    while (lane.queued.length > 0) {
      const groups = [...Map.groupBy(lane.queued.splice(0), keyOf).values()];
      try {
        const outcomes = await this.#options.ask(brokerId, groups.map(questionOf));
        for (const [index, waiting] of groups.entries()) tell(waiting, outcomes[index] ?? []);
      } catch (error) {
        this.#options.log.info('a coordinator of transactions gave no answer', { brokerId, error: messageOf(error) });
        for (const { answer } of groups.flat()) answer(errorCode.NETWORK_EXCEPTION);
      }
    }
    lane.isAsking = false;
  }
}

/** Batches of one producer in one epoch ask as one. */
function keyOf({ transactionalId, producerId, epoch, adds }: Entrance): string {
  return `${producerId}/${epoch}/${adds}/${transactionalId}`;
}

function questionOf(waiting: readonly Waiting[]): EntryQuestion {
  const { transactionalId, producerId, epoch, adds } = waiting[0] as Waiting;
  const partitions = new Map<string, number[]>();
  for (const { topic, partition } of waiting) {
    const indexes = partitions.get(topic) ?? [];
    partitions.set(topic, indexes);
    if (!indexes.includes(partition)) indexes.push(partition);
  }
  return { transactionalId, producerId, epoch, adds, partitions };
}

function tell(waiting: readonly Waiting[], outcomes: readonly PartitionOutcome[]): void {
  const codes = new Map(outcomes.map(({ topic, partition, code }) => [`${topic}-${partition}`, code]));
  for (const { topic, partition, answer } of waiting)
    answer(codes.get(`${topic}-${partition}`) ?? errorCode.NETWORK_EXCEPTION);
}
