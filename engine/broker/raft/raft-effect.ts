import type { SnapshotId } from './log-view.ts';
import type { RaftReply, RaftRequest } from './raft-message.ts';
import type { Voter } from './voter-sets.ts';

/** What survives a crash: the epoch and whom this member voted for in it (-1: nobody). */
export interface ElectionState {
  readonly epoch: number;
  readonly votedFor: number;
  /** The leader of the epoch if it was known when the rest changed; a hint for tools. */
  readonly leaderId: number;
}

/** What the driver must do, in the order given, before it feeds the next input. */
export type RaftEffect =
  /** Write and fsync; it always comes before the answers that depend on it. */
  | { readonly type: 'persistElection'; readonly election: ElectionState }
  /** Send a request; feed `response` or `failure` with the same id, once. */
  | { readonly type: 'send'; readonly requestId: number; readonly to: number; readonly request: RaftRequest }
  /** Answer a request. A fetch reply with `read`, and every snapshot reply, is completed with bytes by the driver. */
  | { readonly type: 'reply'; readonly replyTo: number; readonly reply: RaftReply }
  /** Append the control record that opens a leader's epoch (exactly one record at `offset`), then fsync and feed `persisted`. */
  | {
      readonly type: 'appendLeaderChange';
      readonly epoch: number;
      readonly offset: number;
      readonly voters: readonly number[];
      readonly granting: readonly number[];
    }
  /** Append the control record of new voters, behind that of the protocol's version where it is the first; then as above. */
  | {
      readonly type: 'appendVoters';
      readonly epoch: number;
      readonly offset: number;
      readonly voters: readonly Voter[];
      readonly isFirst: boolean;
    }
  /** Append fetched records as they are, then fsync and feed `persisted`. */
  | { readonly type: 'append'; readonly payload: unknown; readonly endOffset: number }
  /** Cut the log back to end at `offset`. */
  | { readonly type: 'truncate'; readonly offset: number }
  /** Records before `startOffset` are covered by a snapshot and may be deleted. */
  | { readonly type: 'trim'; readonly startOffset: number }
  /** Store a piece of a snapshot that is being fetched. */
  | { readonly type: 'writeSnapshot'; readonly id: SnapshotId; readonly position: number; readonly payload: unknown }
  /** The snapshot is complete: make it durable, load it, and start an empty log behind it. */
  | { readonly type: 'installSnapshot'; readonly id: SnapshotId }
  /** Records before `highWatermark` are committed. */
  | { readonly type: 'committed'; readonly highWatermark: number };
