import type { SnapshotId } from './log-view.ts';
import type { FetchedRecords, RaftReply, RaftRequest, SnapshotChunk } from './raft-message.ts';
import type { Voter } from './voter-sets.ts';

/** What can happen to a member. */
export type RaftEvent =
  /** Time has passed; fed at the latest when `nextDeadlineMs` says so. */
  | { readonly type: 'tick' }
  /** A request of another member. `replyTo` comes back in the `reply` effect. */
  | { readonly type: 'request'; readonly replyTo: number; readonly request: RaftRequest }
  /** The answer to a `send` effect; records and chunks travel beside the reply. */
  | {
      readonly type: 'response';
      readonly requestId: number;
      readonly from: number;
      readonly request: RaftRequest;
      readonly reply: RaftReply;
      readonly records?: FetchedRecords;
      readonly chunk?: SnapshotChunk;
    }
  /** A `send` effect got no answer. `unreachable`: the connection could not be made or broke, as opposed to silence. */
  | {
      readonly type: 'failure';
      readonly requestId: number;
      readonly from: number;
      readonly request: RaftRequest;
      readonly unreachable: boolean;
    }
  /** The leader's driver has appended records of its own; only while this member leads. */
  | { readonly type: 'appended'; readonly endOffset: number }
  /** Everything before `endOffset` is fsynced; `truncations` is the log view's count when the fsync began. */
  | { readonly type: 'persisted'; readonly endOffset: number; readonly truncations: number }
  /** A snapshot of committed state lies on disk; the log before it may go. */
  | { readonly type: 'snapshotTaken'; readonly id: SnapshotId }
  /** Let these vote from now on; only while this member leads, and what `planVoterChange` allows. */
  | { readonly type: 'changeVoters'; readonly voters: readonly Voter[] }
  /** Leave leadership on purpose, before a shutdown. */
  | { readonly type: 'resign' };

/** One input of `step`. */
export interface RaftInput {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** A fresh random number in [0, 1). */
  readonly chance: number;
  readonly event: RaftEvent;
}
