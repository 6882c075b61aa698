/** What one member of the quorum is told before it starts. Times in milliseconds. */
export interface RaftSettings {
  /** This member. */
  readonly nodeId: number;
  /** Names this member's disk for as long as it lives (KIP-858), '' where that does not matter. */
  readonly directoryId: string;
  /** All members that vote. What the log says of them counts more than what a member was started with. */
  readonly voters: readonly number[];
  /** A candidate waits this long, and a random part of as much again, before it tries anew (`controller.quorum.election.timeout.ms`). */
  readonly electionTimeoutMs: number;
  /** A follower without a successful fetch for this long asks for an election (`controller.quorum.fetch.timeout.ms`). */
  readonly fetchTimeoutMs: number;
  /** Upper bound of the random wait after a lost election (`controller.quorum.election.backoff.max.ms`). */
  readonly electionBackoffMsMax: number;
  /** A member that has just started asks for an election after a random part of this; the pre-vote makes haste harmless. */
  readonly firstElectionWaitMsMax: number;
  /** A follower whose fetches all fail (connection refused, not merely slow) for this long stops trusting its leader. */
  readonly leaderUnreachableMs: number;
  /** First wait before a failed request is sent again; doubles up to `retryBackoffMsMax`. */
  readonly retryBackoffMs: number;
  readonly retryBackoffMsMax: number;
  /** The leader holds a fetch without news no longer than this. */
  readonly fetchWaitMsMax: number;
  /** A leader that no majority fetched from for `fetchTimeoutMs` times this resigns (KAFKA-15489). */
  readonly checkQuorumFactor: number;
  /** Fetch, election and request timeouts grow by up to this factor while terms keep failing. */
  readonly patienceMax: number;
}

/** Kafka's defaults, except the waits that Kafka does not know. */
export const raftDefaults = {
  electionTimeoutMs: 1_000,
  fetchTimeoutMs: 2_000,
  electionBackoffMsMax: 1_000,
  firstElectionWaitMsMax: 40,
  leaderUnreachableMs: 500,
  retryBackoffMs: 20,
  retryBackoffMsMax: 500,
  fetchWaitMsMax: 500,
  checkQuorumFactor: 1.5,
  patienceMax: 4,
} as const satisfies Omit<RaftSettings, 'nodeId' | 'directoryId' | 'voters'>;

/** The smallest number of voters that is more than half. */
export function majorityOf(settings: RaftSettings): number {
  return Math.floor(settings.voters.length / 2) + 1;
}

/** Every voter but this member. */
export function otherVoters(settings: RaftSettings): number[] {
  return settings.voters.filter((voter) => voter !== settings.nodeId);
}
