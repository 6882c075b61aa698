import type { Cancel, Clock } from '../../../base/clock.ts';
import type { FetchedRow } from '../fetch-target.ts';
import type { Isolation } from '../isolation.ts';
import type { PartitionMoved, WatchedPartition } from '../partition-moved.ts';

/** A fetch may ask for this long a wait, in ms; more is cut. */
export const fetchWaitMsMax = 300_000;

/** One attempt to answer a fetch. */
export interface FetchAttempt {
  readonly rows: FetchedRow[];
  readonly bytes: number;
  /** An error or a divergence: the reader must hear of it at once. */
  readonly mustAnswer: boolean;
}

/** What is known of a partition here: who waits for it, and how much is new. */
interface WaitBook {
  readonly partition: WatchedPartition;
  /** Consumer fetches parked on it. */
  readonly parked: Set<ParkedFetch>;
  /** Bytes appended here as leader since the book was opened, and how many of them were committed, and stable, at the last look. */
  appendedBytes: number;
  committedBytes: number;
  stableBytes: number;
}

/** A fetch that waits for data. */
interface ParkedFetch {
  readonly replicaId: number;
  readonly isolation: Isolation;
  readonly books: readonly WaitBook[];
  readonly minBytes: number;
  readonly read: () => FetchAttempt;
  readonly resolve: (rows: FetchedRow[]) => void;
  /** Bytes that its partitions showed when it was parked, less what it could have read then. */
  readonly baselineBytes: number;
  cancelTimer: Cancel;
  isDone: boolean;
}

export type FetchToPark = Pick<ParkedFetch, 'replicaId' | 'isolation' | 'minBytes' | 'read'> & {
  /** A consumer's partitions; a follower is woken by its id. */
  readonly partitions: Iterable<WatchedPartition>;
  readonly bytes: number;
  readonly maxWaitMs: number;
};

/**
 * Parked fetches and who wakes them. What moves in a turn is noted per partition and looked at once, after the turn
 * (`clock.soon`), so appends of pipelined requests share one answer. An append looks only at the fetches parked on its
 * partition: consumers stand in the partition's book, followers are known by their id, one parked fetch each.
 */
export class FetchWaits {
  readonly #clock: Clock;
  readonly #replicas = new Map<number, ParkedFetch>();
  readonly #consumers = new Set<ParkedFetch>();
  readonly #books = new Map<WatchedPartition, WaitBook>();
  #moved = new Set<WaitBook>();
  #committed = new Set<WaitBook>();
  #changed = new Set<WaitBook>();
  #followed = new Set<WaitBook>();
  #isScheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until `minBytes` are there, the wait is over, or the partition's role changes. */
  park(fetch: FetchToPark): Promise<FetchedRow[]> {
    const { replicaId, isolation, minBytes, read } = fetch;
    const books = replicaId >= 0 ? [] : Array.from(new Set(fetch.partitions), (partition) => this.#bookOf(partition));
    return new Promise((resolve) => {
      const waitMs = Math.min(fetch.maxWaitMs, fetchWaitMsMax);
      const parked: ParkedFetch = {
        replicaId,
        isolation,
        books,
        minBytes,
        read,
        resolve,
        baselineBytes: shownBytes(books, isolation) - fetch.bytes,
        cancelTimer: this.#clock.after(waitMs, () => this.#finish(parked, parked.read().rows)),
        isDone: false,
      };
      if (replicaId >= 0) {
        this.endReplicaWait(replicaId);
        this.#replicas.set(replicaId, parked);
        return;
      }
      this.#consumers.add(parked);
      for (const book of books) book.parked.add(parked);
    });
  }

  #bookOf(partition: WatchedPartition): WaitBook {
    let book = this.#books.get(partition);
    if (!book) {
      book = { partition, parked: new Set(), appendedBytes: 0, committedBytes: 0, stableBytes: 0 };
      this.#books.set(partition, book);
    }
    return book;
  }

  /** A newer fetch of the same follower, or news for it, ends the one that waits. */
  endReplicaWait(replicaId: number): void {
    const parked = this.#replicas.get(replicaId);
    if (parked) this.#finish(parked, parked.read().rows);
  }

  /** Notes what happened. Whoever waits for it is looked at after the turn. */
  moved(change: PartitionMoved): void {
    if (change.what === 'followed') {
      this.#noteFollowed(change.partition);
      return;
    }
    const book = this.#bookOf(change.partition);
    if (change.what === 'end') {
      book.appendedBytes += change.bytes;
      this.#moved.add(book);
    } else if (change.what === 'committed') {
      book.committedBytes = book.appendedBytes;
      // How many of them are below the last stable offset is not known: a reader that finds too few waits on.
      if (change.isStable) book.stableBytes = book.appendedBytes;
      if (book.parked.size === 0) return;
      this.#committed.add(book);
    } else {
      // Followers too: a new partition of theirs may be led here from now on, and a long poll that does not name it would
      // hold up its first fetch.
      this.#changed.add(book);
      if (change.what === 'retired') this.#books.delete(change.partition);
    }
    this.#schedule();
  }

  /** A follower's bytes are not counted: only where somebody reads from it is anything done. */
  #noteFollowed(partition: WatchedPartition): void {
    const book = this.#books.get(partition);
    if (!book || book.parked.size === 0) return;
    this.#followed.add(book);
    this.#schedule();
  }

  /** Answers everybody. */
  answerAll(): void {
    this.#answerReplicas();
    for (const parked of [...this.#consumers]) this.#finish(parked, parked.read().rows);
  }

  #answerReplicas(): void {
    for (const replicaId of [...this.#replicas.keys()]) this.endReplicaWait(replicaId);
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
    const followed = this.#followed;
    if (followed.size > 0) this.#followed = new Set();
    this.#moved = new Set();
    this.#committed = new Set();
    this.#changed = new Set();
    if (changed.size) this.#answerReplicas();
    for (const book of changed) for (const parked of [...book.parked]) this.#finish(parked, parked.read().rows);
    for (const { partition } of moved) this.#wakeReplicas(partition);
    for (const book of committed) this.#wakeConsumers(book);
    for (const book of followed) for (const parked of [...book.parked]) this.#attempt(parked);
  }

  #wakeReplicas({ leaderRole }: WatchedPartition): void {
    for (const replicaId of leaderRole?.followers.keys() ?? []) {
      const parked = this.#replicas.get(replicaId);
      if (parked) this.#attempt(parked);
    }
  }

  #wakeConsumers(book: WaitBook): void {
    for (const parked of [...book.parked])
      if (shownBytes(parked.books, parked.isolation) - parked.baselineBytes >= parked.minBytes) this.#attempt(parked);
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
    this.#consumers.delete(parked);
    for (const book of parked.books) book.parked.delete(parked);
    parked.resolve(rows);
  }
}

/** Bytes of the partitions that a reader of this isolation may have seen come. */
function shownBytes(books: readonly WaitBook[], isolation: Isolation): number {
  let bytes = 0;
  for (const book of books) bytes += isolation === 'read-committed' ? book.stableBytes : book.committedBytes;
  return bytes;
}
