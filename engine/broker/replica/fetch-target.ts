import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { AbortedTransaction } from '../log/partition-log.ts';
import type { Isolation } from './isolation.ts';
import type { NearestReplica } from './read/nearest-replica.ts';
import type { EpochEnd } from './truncation.ts';

/** One partition of a fetch. */
export interface FetchTarget {
  /** Empty where only the id is known. */
  readonly topic: string;
  /** `zeroUuid` in versions that carry names. */
  readonly topicId: string;
  readonly partition: number;
  readonly fetchOffset: number;
  /** Leader epoch the reader believes in; -1 unknown. */
  readonly currentLeaderEpoch: number;
  /** Epoch of the reader's last record; -1 unknown: then histories are not compared. */
  readonly lastFetchedEpoch: number;
  /** The follower's log start; -1 for consumers. */
  readonly logStartOffset: number;
  readonly maxBytes: number;
  /**
   * What the reader was told last, in a fetch session. Undefined: the target is new, changed or had an error, and its row
   * has to be made in any case. Else it may be left out while nothing moved.
   */
  readonly told: ToldOffsets | undefined;
}

/** Offsets that a reader knows from the last row it got. An object of its own for each row. */
export interface ToldOffsets {
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Written by who reads: nothing was new when it was last looked at. */
  quiet?: QuietMark;
}

/** A target was found quiet, and is while its partition has no news. */
export interface QuietMark {
  readonly target: FetchTarget;
  readonly partition: { readonly news: number };
  readonly news: number;
  readonly replicaId: number;
  readonly isolation: Isolation;
}

/** What one fetch asks for in all. */
export interface FetchOptions {
  /** The follower's broker id; -1 for consumers. */
  readonly replicaId: number;
  /** The follower's broker epoch (KIP-903); -1 unknown. */
  readonly replicaEpoch: number;
  /** Up to where records are shown: followers have `log-end`. */
  readonly isolation: Isolation;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** A consumer that can read from followers (Fetch 11 on, KIP-392). */
  readonly mayReadFollowers?: boolean;
  /** Where it is, for a leader that may send it to a nearer replica; undefined: it reads here. */
  readonly nearest?: NearestReplica | undefined;
}

/** Answer for one partition. `records` is never null: an empty read is a buffer of no bytes. */
export interface FetchedRow {
  readonly target: FetchTarget;
  readonly errorCode: ErrorCode;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Where the follower's history leaves the leader's; it truncates before anything else. */
  readonly diverging: EpochEnd | undefined;
  readonly records: Buffer;
  /** Aborted transactions with records among these, for a reader of committed ones; null for others. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  /** The reader should ask this broker instead; there are no records then. */
  readonly preferredReadReplica?: number;
}
