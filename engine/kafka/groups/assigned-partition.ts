import type { Log } from '../../base/log.ts';
import type { PartitionFeed } from '../consumer/partition-feed.ts';
import type { CommitTicket } from '../in-order-commits.ts';
import { InOrderCommits } from '../in-order-commits.ts';
import type { ReceivedRecord } from '../received-record.ts';

/** A record that was handed out. Its offset can be committed once it and every record before it are settled. */
export interface TakenRecord {
  readonly record: ReceivedRecord;
  /** Call once, when the record is dealt with for good. */
  settle(): void;
}

/** A partition that a group's member reads: what is fetched of it, and how far it may be committed. */
export class AssignedPartition {
  readonly feed: PartitionFeed;
  readonly commits: InOrderCommits;
  /** Handed out and not settled. */
  inFlight = 0;
  /** Nothing of it is handed out: it is being given up, or its place in the new generation is not known yet. */
  isHeld = false;
  /** Its next record was refused because too many are handed out: told when there is room again. */
  isWaiting = false;
  /** Where reading began. */
  readonly #startedAt: number;
  /** The position at which it was told that one record holds up all behind it. */
  #toldStuckAt = -1;

  constructor(feed: PartitionFeed, committed: number | undefined) {
    this.feed = feed;
    this.#startedAt = feed.position;
    this.commits = new InOrderCommits(feed.position, committed);
  }

  /** The same partition, read on from what is committed. */
  rewound(): AssignedPartition {
    const { committed } = this.commits;
    this.feed.seek(committed ?? this.#startedAt);
    const again = new AssignedPartition(this.feed, committed);
    again.isHeld = this.isHeld;
    return again;
  }

  /** Says once for each position that a record holds up its partition. */
  tellStuck(log: Log): void {
    const { feed, commits } = this;
    if (this.#toldStuckAt === commits.position) return;
    this.#toldStuckAt = commits.position;
    log.warn('a record holds up its partition: it is not dealt with, while all behind it wait', {
      topic: feed.topic,
      partition: feed.partition,
      offset: commits.position,
      recordsBehind: commits.pending - 1,
    });
  }

  /** The next record, when there is one; `settled` is called when it is dealt with. */
  take(settled: (assigned: AssignedPartition) => void): TakenRecord | undefined {
    const record = this.feed.take();
    if (!record) return undefined;
    this.inFlight++;
    return new HandedOut(record, this, settled);
  }

  /** The offset to commit. What was read past without being a record (markers, compacted ones) counts, else lag never ends. */
  toCommit(): number {
    this.commits.skipTo(this.feed.position);
    return this.commits.position;
  }
}

/** A class and not a closure: there are very many of them. Its ticket outlives it, and must not hold the record. */
class HandedOut implements TakenRecord {
  readonly record: ReceivedRecord;
  readonly #ticket: CommitTicket;
  readonly #assigned: AssignedPartition;
  readonly #settled: (assigned: AssignedPartition) => void;

  constructor(record: ReceivedRecord, assigned: AssignedPartition, settled: (assigned: AssignedPartition) => void) {
    this.record = record;
    this.#ticket = assigned.commits.take(record.offset);
    this.#assigned = assigned;
    this.#settled = settled;
  }

  settle(): void {
    if (this.#ticket.settled) return;
    // After the partition was taken away this changes a tracker that nobody commits from any more.
    this.#assigned.commits.settle(this.#ticket);
    this.#settled(this.#assigned);
  }
}
