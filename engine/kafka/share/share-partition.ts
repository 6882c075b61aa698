import { FetchedBatches } from '../consumer/fetched-batches.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { ReceivedRecord } from '../received-record.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { SharePartitionId } from './share-member.ts';

/** A record that is ours until its lock is over. */
export interface AcquiredRecord {
  readonly record: ReceivedRecord;
  /** How often it has been handed to somebody, this time included. */
  readonly deliveryCount: number;
}

/** Offsets that were acquired, as the leader tells. */
export interface AcquiredRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

/** A partition that a share group's member reads: acquired records that are not taken yet, and outcomes that are not told yet. */
export class SharePartition implements SharePartitionId {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly acknowledgements = new Acknowledgements();
  #queue: AcquiredRecord[] = [];
  /** Monotonic milliseconds before which it is not asked for. */
  notBefore = 0;
  failures = 0;

  constructor({ topicId, topic, partition }: SharePartitionId) {
    this.topicId = topicId;
    this.topic = topic;
    this.partition = partition;
    this.key = `${topicId}-${partition}`;
  }

  get queued(): number {
    return this.#queue.length;
  }

  take(): AcquiredRecord | undefined {
    return this.#queue.shift();
  }

  /** Hands what was not taken to others. */
  releaseQueued(): void {
    for (const { record } of this.#queue) this.acknowledgements.add(record.offset, 'release');
    this.#queue = [];
  }

  /** Queues what was acquired; offsets that hold no record are told to be gaps. Gives what is wrong with a damaged batch. */
  add(records: Buffer, acquired: readonly AcquiredRange[]): KafkaError | undefined {
    const [first] = acquired;
    if (!first) return undefined;
    const { topic, partition } = this;
    const batches = new FetchedBatches({
      topic,
      partition,
      records,
      fromOffset: first.firstOffset,
      aborted: undefined,
    });
    let next = batches.take();
    for (const { firstOffset, lastOffset, deliveryCount } of acquired) {
      let expected = firstOffset;
      for (; next && next.offset <= lastOffset; next = batches.take()) {
        if (next.offset < firstOffset) continue;
        this.#gaps(expected, next.offset);
        this.#queue.push({ record: next, deliveryCount });
        expected = next.offset + 1;
      }
      // What lies behind damage is acquired all the same: others may be able to read it.
      if (batches.failure) for (; expected <= lastOffset; expected++) this.acknowledgements.add(expected, 'release');
      else this.#gaps(expected, lastOffset + 1);
    }
    return batches.failure;
  }

  #gaps(from: number, end: number): void {
    for (let offset = from; offset < end; offset++) this.acknowledgements.add(offset, 'gap');
  }
}
