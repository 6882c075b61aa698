import type { Cancel, Clock } from '../../../base/clock.ts';
import type { FetchedRow } from '../fetch-target.ts';
import type { Partition } from '../partition.ts';

/** A fetch may ask for this long a wait, in ms; more is cut. */
export const fetchWaitMsMax = 300_000;

/** One attempt to answer a fetch. */
export interface FetchAttempt {
  readonly rows: FetchedRow[];
  readonly bytes: number;
  /** An error or a divergence: the reader must hear of it at once. */
  readonly mustAnswer: boolean;
}

/** A fetch that waits for data. */
export interface ParkedFetch {
  readonly replicaId: number;
  readonly partitions: readonly Partition[];
  readonly minBytes: number;
  readonly read: () => FetchAttempt;
  readonly resolve: (rows: FetchedRow[]) => void;
  /** Committed bytes of its partitions when it was parked, less what it could have read then. */
  readonly baselineBytes: number;
  cancelTimer: Cancel;
  isDone: boolean;
}

export type FetchToPark = Pick<ParkedFetch, 'replicaId' | 'partitions' | 'minBytes' | 'read'> & {
  readonly bytes: number;
  readonly maxWaitMs: number;
};

/**
 * Parked fetches and who wakes them. What moves in a turn is noted per partition and looked at once, after the turn
 * (`clock.soon`), so appends of pipelined requests share one answer. An append looks only at the fetches parked on its
 * partition: consumers register with the partition, followers are known by their id, one parked fetch each.
 */
export class FetchWaits {
  readonly #clock: Clock;
  readonly #replicas = new Map<number, ParkedFetch>();
  #moved = new Set<Partition>();
  #committed = new Set<Partition>();
  #changed = new Set<Partition>();
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until `minBytes` are there, the wait is over, or the partition's role changes. */
  park(fetch: FetchToPark): Promise<FetchedRow[]> {
    return new Promise((resolve) => {
      const waitMs = Math.min(fetch.maxWaitMs, fetchWaitMsMax);
      const parked: ParkedFetch = {
        ...fetch,
        resolve,
        baselineBytes: committedBytesOf(fetch.partitions) - fetch.bytes,
        cancelTimer: this.#clock.after(waitMs, () => this.#finish(parked, parked.read().rows)),
        isDone: false,
      };
      if (fetch.replicaId >= 0) {
        this.endReplicaWait(fetch.replicaId);
        this.#replicas.set(fetch.replicaId, parked);
      } else {
        for (const partition of fetch.partitions) partition.parked.add(parked);
      }
    });
  }

  /** A newer fetch of the same follower, or news for it, ends the one that waits. */
  endReplicaWait(replicaId: number): void {
    const parked = this.#replicas.get(replicaId);
    if (parked) this.#finish(parked, parked.read().rows);
  }

  endMoved(partition: Partition): void {
    this.#moved.add(partition);
    this.#schedule();
  }

  highWatermarkMoved(partition: Partition): void {
    if (partition.parked.size === 0) return;
    this.#committed.add(partition);
    this.#schedule();
  }

  /**
   * Readers of a partition whose role changed must hear of it. Followers too: a new partition of theirs may be led here
   * from now on, and a long poll that does not name it would hold up its first fetch.
   */
  roleChanged(partition: Partition): void {
    this.#changed.add(partition);
    this.#schedule();
  }

  /** Answers all followers, and the consumers of `partitions`. */
  answerAll(partitions: Iterable<Partition>): void {
    for (const replicaId of [...this.#replicas.keys()]) this.endReplicaWait(replicaId);
    for (const partition of partitions)
      for (const parked of [...partition.parked]) this.#finish(parked, parked.read().rows);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.soon(() => this.#wake());
  }

  #wake(): void {
    this.#isScheduled = false;
    const moved = this.#moved;
    const committed = this.#committed;
    const changed = this.#changed;
    this.#moved = new Set();
    this.#committed = new Set();
    this.#changed = new Set();
    if (changed.size) this.answerAll(changed);
    for (const partition of moved) this.#wakeReplicas(partition);
    for (const partition of committed) this.#wakeConsumers(partition);
  }

  #wakeReplicas(partition: Partition): void {
    for (const replicaId of partition.leaderRole?.followers.keys() ?? []) {
      const parked = this.#replicas.get(replicaId);
      if (parked) this.#attempt(parked);
    }
  }

  #wakeConsumers(partition: Partition): void {
    for (const parked of [...partition.parked])
      if (committedBytesOf(parked.partitions) - parked.baselineBytes >= parked.minBytes) this.#attempt(parked);
  }

  #attempt(parked: ParkedFetch): void {
    if (parked.isDone) return;
    const attempt = parked.read();
    if (attempt.mustAnswer || attempt.bytes >= parked.minBytes) this.#finish(parked, attempt.rows);
  }

  #finish(parked: ParkedFetch, rows: FetchedRow[]): void {
    if (parked.isDone) return;
    parked.isDone = true;
    parked.cancelTimer();
    if (this.#replicas.get(parked.replicaId) === parked) this.#replicas.delete(parked.replicaId);
    for (const partition of parked.partitions) partition.parked.delete(parked);
    parked.resolve(rows);
  }
}

function committedBytesOf(partitions: readonly Partition[]): number {
  let bytes = 0;
  for (const partition of partitions) bytes += partition.committedBytes;
  return bytes;
}
