import type { EpochEnd, EpochStart, SnapshotId } from './log-view.ts';
import type { Voter, VoterSet } from './voter-sets.ts';

/** Why a request was refused. Kafka's error of the same name goes on the wire. */
export type RaftError =
  | 'NONE'
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'INVALID_REQUEST'
  | 'INVALID_VOTER_KEY'
  | 'SNAPSHOT_NOT_FOUND'
  | 'POSITION_OUT_OF_RANGE';

/** Asks for a vote, or whether one would be given (`preVote`, KIP-996: `epoch` is then the asker's current one). */
export interface VoteRequest {
  readonly type: 'vote';
  readonly preVote: boolean;
  readonly epoch: number;
  readonly candidateId: number;
  /** The disk that the asker takes the voter to have, '' unknown. */
  readonly voterDirectoryId: string;
  /** Epoch of the asker's last record and its end offset. */
  readonly lastEpoch: number;
  readonly endOffset: number;
}

/** A new leader makes itself known. */
export interface BeginEpochRequest {
  readonly type: 'begin';
  readonly epoch: number;
  readonly leaderId: number;
}

/** A leader leaves on purpose; `candidates` in order of preference. */
export interface EndEpochRequest {
  readonly type: 'end';
  readonly epoch: number;
  readonly leaderId: number;
  readonly candidates: readonly number[];
}

/** A follower asks for records from `offset`; everything before it is fsynced at the follower. */
export interface FetchRequest {
  readonly type: 'fetch';
  readonly replicaId: number;
  /** Its disk, '' unknown. */
  readonly directoryId: string;
  readonly epoch: number;
  readonly offset: number;
  /** Epoch of the record before `offset`. */
  readonly lastEpoch: number;
  /** What the follower knows to be committed, -1 unknown (KIP-1166). */
  readonly highWatermark: number;
  readonly waitMsMax: number;
}

/** A follower asks for a piece of a snapshot. */
export interface FetchSnapshotRequest {
  readonly type: 'snapshot';
  readonly replicaId: number;
  readonly directoryId: string;
  readonly epoch: number;
  readonly id: SnapshotId;
  /** Byte position in the snapshot. */
  readonly position: number;
}

export type RaftRequest = VoteRequest | BeginEpochRequest | EndEpochRequest | FetchRequest | FetchSnapshotRequest;

/** Every answer names the answerer's epoch and the leader it follows in it (-1: none). */
interface Answer {
  readonly error: RaftError;
  readonly epoch: number;
  readonly leaderId: number;
}

export interface VoteReply extends Answer {
  readonly type: 'vote';
  readonly granted: boolean;
}

export interface EpochReply extends Answer {
  readonly type: 'begin' | 'end';
}

/** The leader's answer to a fetch, without the records: `read` names those that the driver adds. */
export interface FetchReply extends Answer {
  readonly type: 'fetch';
  readonly highWatermark: number;
  readonly startOffset: number;
  /** The follower's log departs from the leader's: it must cut back first. */
  readonly diverging?: EpochEnd;
  /** The follower is behind the leader's log: it must fetch this snapshot. */
  readonly snapshot?: SnapshotId;
  /** Offsets [from, before) may be sent. */
  readonly read?: { readonly from: number; readonly before: number };
}

/** The leader's answer to FetchSnapshot; `read` asks the driver for the bytes. */
export interface FetchSnapshotReply extends Answer {
  readonly type: 'snapshot';
  readonly id: SnapshotId;
  readonly position: number;
}

export type RaftReply = VoteReply | EpochReply | FetchReply | FetchSnapshotReply;

/** Records as they arrived at a follower. `payload` is opaque here; the driver has read the batch headers. */
export interface FetchedRecords {
  readonly payload: unknown;
  readonly baseOffset: number;
  readonly endOffset: number;
  /** Every epoch that occurs in the records, with its first offset among them. */
  readonly epochs: readonly EpochStart[];
  /** Sets of voters that occur in the records. */
  readonly voterSets: readonly VoterSet[];
}

/** A piece of a snapshot as it arrived. */
export interface SnapshotChunk {
  readonly payload: unknown;
  readonly position: number;
  readonly lengthBytes: number;
  /** Size of the whole snapshot. */
  readonly sizeBytes: number;
  /** The voters that the snapshot says, with its last piece; undefined where it says none. */
  readonly voters?: readonly Voter[] | undefined;
}
