import type { Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { PartitionOutcome, PartitionsByTopic } from '../transaction.ts';

/** First wait before a marker is sent again, in ms; doubles with every failure in a row of its broker up to the bound. */
const retryMsMin = 20;
const retryMsMax = 1_000;

/** The end of one transaction, as its partitions are to hear of it. */
export interface Ending {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly isAbort: boolean;
  readonly coordinatorEpoch: number;
  readonly transactionVersion: number;
}

/** What one broker is asked to write. */
export interface MarkersForBroker extends Ending {
  readonly partitions: PartitionsByTopic;
}

export interface MarkerDeliveryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Who leads the partition; -1 nobody at present, undefined: there is no such partition any more. */
  readonly leaderOf: (topic: string, partition: number) => number | undefined;
  /** Has a broker write markers; the outcomes of each in order. Rejects when there is no answer. */
  readonly send: (
    brokerId: number,
    markers: readonly MarkersForBroker[],
  ) => Promise<readonly (readonly PartitionOutcome[])[]>;
}

/** `delivered`: every partition that exists has the marker, on all in-sync replicas. `fenced`: another coordinator decides. `given-up`: it was called off. */
export type Delivery = 'delivered' | 'fenced' | 'given-up';

interface Delivering {
  readonly ending: Ending;
  readonly isWanted: () => boolean;
  /** Partitions without the marker, by topic. */
  readonly left: Map<string, Set<number>>;
  readonly done: (delivery: Delivery) => void;
}

/** Markers that wait for one broker. */
interface Lane {
  queued: { readonly delivering: Delivering; readonly partitions: PartitionsByTopic }[];
  isSending: boolean;
  failures: number;
}

/**
 * Brings the ends of transactions to their partitions, wherever they are led: all that waits for a broker goes in one request, one
 * request at a time to each. What fails is sent again, to whoever leads by then, until it is there or nobody wants it any more.
 */
export class MarkerDelivery {
  readonly #options: MarkerDeliveryOptions;
  readonly #lanes = new Map<number, Lane>();

  constructor(options: MarkerDeliveryOptions) {
    this.#options = options;
  }

  /** `isWanted` turns false when this broker is no longer the coordinator. */
  deliver(ending: Ending, partitions: PartitionsByTopic, isWanted: () => boolean): Promise<Delivery> {
    return new Promise((done) => {
      const left = new Map(Array.from(partitions, ([topic, indexes]) => [topic, new Set(indexes)]));
      this.#route({ ending, isWanted, left, done }, partitions, retryMsMin);
    });
  }

  /** Hands partitions to the lanes of their leaders. */
  #route(delivering: Delivering, partitions: PartitionsByTopic, retryMs: number): void {
    if (!delivering.isWanted()) {
      delivering.done('given-up');
      return;
    }
    const byBroker = new Map<number, Map<string, number[]>>();
    for (const [topic, indexes] of partitions)
      for (const partition of indexes) {
        const leader = this.#options.leaderOf(topic, partition);
        if (leader === undefined) settle(delivering, topic, partition);
        else place(byBroker, leader, topic, partition);
      }
    const leaderless = byBroker.get(-1);
    byBroker.delete(-1);
    if (leaderless) this.#later(delivering, leaderless, retryMs);
    for (const [brokerId, some] of byBroker) this.#enqueue(brokerId, delivering, some);
    if (delivering.left.size === 0) delivering.done('delivered');
  }

  #enqueue(brokerId: number, delivering: Delivering, partitions: PartitionsByTopic): void {
    let lane = this.#lanes.get(brokerId);
    if (!lane) {
      lane = { queued: [], isSending: false, failures: 0 };
      this.#lanes.set(brokerId, lane);
    }
    lane.queued.push({ delivering, partitions });
    if (!lane.isSending) void this.#drain(brokerId, lane);
  }

  async #drain(brokerId: number, lane: Lane): Promise<void> {
    lane.isSending = true;
    await Promise.resolve(); // what ends in this turn goes together
    while (lane.queued.length > 0) {
      const batch = lane.queued.splice(0);
      try {
        const markers = batch.map(({ delivering, partitions }) => ({ ...delivering.ending, partitions }));
        const outcomes = await this.#options.send(brokerId, markers);
        lane.failures = 0;
        for (const [index, { delivering, partitions }] of batch.entries())
          this.#answered(delivering, partitions, outcomes[index] ?? []);
      } catch (error) {
        lane.failures++;
        const retryMs = Math.min(retryMsMin * 2 ** (lane.failures - 1), retryMsMax);
        this.#options.log.info('markers of transactions did not reach a broker', {
          brokerId,
          error: messageOf(error),
          retryMs,
        });
        for (const { delivering, partitions } of batch) this.#later(delivering, partitions, retryMs);
      }
    }
    lane.isSending = false;
  }

  #answered(delivering: Delivering, asked: PartitionsByTopic, outcomes: readonly PartitionOutcome[]): void {
    const codes = new Map(outcomes.map(({ topic, partition, code }) => [`${topic}-${partition}`, code]));
    const again = new Map<string, number[]>();
    let isFenced = false;
    for (const [topic, partitions] of asked)
      for (const partition of partitions) {
        const code = codes.get(`${topic}-${partition}`);
        if (code === errorCode.NONE) settle(delivering, topic, partition);
        else if (code !== undefined && fencing.has(code)) isFenced = true;
        else again.set(topic, [...(again.get(topic) ?? []), partition]);
      }
    if (isFenced) {
      this.#options.log.warn('a transaction’s end was refused: another coordinator or producer is at work', {
        ...delivering.ending,
      });
      delivering.done('fenced');
    } else if (delivering.left.size === 0) delivering.done('delivered');
    else if (again.size > 0) this.#later(delivering, again, retryMsMin);
  }

  #later(delivering: Delivering, partitions: PartitionsByTopic, retryMs: number): void {
    this.#options.clock.after(retryMs, () => this.#route(delivering, partitions, Math.min(retryMs * 2, retryMsMax)));
  }
}

const fencing: ReadonlySet<number> = new Set([
  errorCode.INVALID_PRODUCER_EPOCH,
  errorCode.TRANSACTION_COORDINATOR_FENCED,
]);

function settle({ left }: Delivering, topic: string, partition: number): void {
  const partitions = left.get(topic);
  partitions?.delete(partition);
  if (partitions?.size === 0) left.delete(topic);
}

function place(byBroker: Map<number, Map<string, number[]>>, brokerId: number, topic: string, partition: number): void {
  const topics = byBroker.get(brokerId) ?? new Map<string, number[]>();
  byBroker.set(brokerId, topics);
  topics.set(topic, [...(topics.get(topic) ?? []), partition]);
}
