import type { LogView, SnapshotId } from './log-view.ts';
import { emptyLog } from './log-view.ts';
import type { ElectionState } from './raft-effect.ts';
import type { RaftSettings } from './raft-settings.ts';
import type { VoterSet } from './voter-sets.ts';

/** Knows no leader and waits, until `electionDeadlineMs`, for one to appear. */
export interface Unattached {
  readonly kind: 'unattached';
  readonly electionDeadlineMs: number;
  /** Elections lost in a row; the backoff grows with it. */
  readonly retries: number;
}

/** Where a voter stands in an election. */
export interface Ballot {
  readonly state: 'unsent' | 'asked' | 'granted' | 'rejected';
  /** An unsent request goes out at this time. */
  readonly sendAtMs: number;
  readonly attempts: number;
}

/** Asks whether it would win (pre-vote). It has not raised its epoch, so it disturbs nobody. */
export interface Prospective {
  readonly kind: 'prospective';
  readonly ballots: ReadonlyMap<number, Ballot>;
  readonly electionDeadlineMs: number;
  readonly retries: number;
}

/** Has raised the epoch, voted for itself and asks for votes. */
export interface Candidate {
  readonly kind: 'candidate';
  readonly ballots: ReadonlyMap<number, Ballot>;
  readonly electionDeadlineMs: number;
  readonly retries: number;
}

/** Fetches from `RaftState.leaderId`. */
export interface Follower {
  readonly kind: 'follower';
  /** Without a successful fetch until then, the leader counts as gone. */
  readonly fetchDeadlineMs: number;
  readonly sinceMs: number;
  /** Its fetches have succeeded for longer than a fetch timeout: a term like any other. */
  readonly isCalm: boolean;
  /** Whether a fetch from this leader ever succeeded: only then does it refuse pre-votes of others. */
  readonly hasFetched: boolean;
  /** Id of the fetch under way. */
  readonly fetchId: number | undefined;
  /** No fetch before this time. */
  readonly fetchAtMs: number;
  readonly failures: number;
  /** When the unbroken row of connection failures began. */
  readonly unreachableSinceMs: number | undefined;
  /** The snapshot being fetched and how far it is. */
  readonly snapshot: { readonly id: SnapshotId; readonly position: number } | undefined;
}

/** What a leader knows of a voter or observer. */
export interface Progress {
  /** Fsynced end offset that the replica's fetches have confirmed in this epoch; -1 unknown. */
  readonly endOffset: number;
  /** -1: never in this epoch. */
  readonly lastFetchMs: number;
  readonly lastCaughtUpMs: number;
  /** Whether it knows of this leader. */
  readonly acknowledged: boolean;
  /** When to send the next BeginQuorumEpoch if it has not acknowledged. */
  readonly beginAtMs: number;
  readonly attempts: number;
}

/** A fetch that waits for news. */
export interface WaitingFetch {
  readonly replyTo: number;
  readonly offset: number;
  readonly highWatermark: number;
  readonly deadlineMs: number;
}

export interface Leader {
  readonly kind: 'leader';
  /** Offset of the leader-change record; the high watermark may move only beyond it. */
  readonly epochStartOffset: number;
  readonly sinceMs: number;
  /** A majority has fetched for longer than a fetch timeout: a term like any other. */
  readonly isCalm: boolean;
  /** Every other voter. */
  readonly voters: ReadonlyMap<number, Progress>;
  /** Replicas that do not vote; bounded by `observersMax`. */
  readonly observers: ReadonlyMap<number, Progress>;
  /** At most one per replica. */
  readonly waiting: ReadonlyMap<number, WaitingFetch>;
}

/** Led this epoch and has given up; never leads it again. */
export interface Resigned {
  readonly kind: 'resigned';
  readonly electionDeadlineMs: number;
}

export type RaftRole = Unattached | Prospective | Candidate | Follower | Leader | Resigned;

/** All that one member knows. A plain value: print it, compare it, replay it. */
export interface RaftState {
  /** `voters` in them are those that count now. */
  readonly settings: RaftSettings;
  /** Voters that the member was started with. */
  readonly firstVoters: readonly number[];
  /** Sets of voters in the log, ascending by offset; empty: the first voters count. */
  readonly voterSets: readonly VoterSet[];
  readonly epoch: number;
  /** The vote of this epoch, -1 none. */
  readonly votedFor: number;
  /** The leader of this epoch while this member follows it or is it, else -1. */
  readonly leaderId: number;
  /** A leader of this epoch that this member gave up on, -1 none: others' word for it counts no more, only its own. */
  readonly lostLeaderId: number;
  /** Records before it are committed. Grows only. */
  readonly highWatermark: number;
  readonly log: LogView;
  readonly role: RaftRole;
  /** Terms in a row that ended, as this member saw them, before they were calm. */
  readonly failedTerms: number;
  readonly nextRequestId: number;
}

/** What a member starts from. `log` must be fsynced as far as it goes. */
export interface RaftStart {
  readonly settings: RaftSettings;
  readonly election?: ElectionState | undefined;
  readonly log?: LogView;
  /** Sets of voters in the log and its snapshot. */
  readonly voterSets?: readonly VoterSet[];
  readonly nowMs: number;
  readonly chance: number;
}

/** The state after a start: it knows its epoch and vote, and asks for an election soon. */
export function initialRaftState({
  settings,
  election,
  log = emptyLog,
  voterSets = [],
  nowMs,
  chance,
}: RaftStart): RaftState {
  const voters = voterSets.at(-1)?.voters.map(({ id }) => id) ?? settings.voters;
  const alone = voters.length === 1 && voters[0] === settings.nodeId;
  const waitMs = alone ? 0 : chance * settings.firstElectionWaitMsMax;
  return {
    settings: { ...settings, voters },
    firstVoters: settings.voters,
    voterSets,
    epoch: election?.epoch ?? 0,
    votedFor: election?.votedFor ?? -1,
    leaderId: -1,
    lostLeaderId: -1,
    highWatermark: log.startOffset,
    log: { ...log, durableOffset: log.endOffset },
    role: { kind: 'unattached', electionDeadlineMs: nowMs + waitMs, retries: 0 },
    failedTerms: 0,
    nextRequestId: 1,
  };
}
