import type { RaftState } from './raft-state.ts';

/** A member that votes. All but the id is for those who have to reach it. */
export interface Voter {
  readonly id: number;
  /** Names the disk that it votes with, '' where nobody has told yet: one with another disk is another member (KIP-853). */
  readonly directoryId: string;
  readonly host: string;
  readonly port: number;
}

/** Voters as a record of the log says, from its offset on, committed or not. */
export interface VoterSet {
  readonly offset: number;
  readonly voters: readonly Voter[];
}

/** The voters that the log says; undefined where it says none, and those that the member was started with count. */
export function latestVoters({ voterSets }: RaftState): readonly Voter[] | undefined {
  return voterSets.at(-1)?.voters;
}

/** Whether this member votes: with the disk that it has, which may have been replaced. */
export function isVoter(state: RaftState): boolean {
  const { nodeId, directoryId } = state.settings;
  return isVoterWith(state, nodeId, directoryId);
}

/** Whether a replica with this disk is the voter of that id, as far as anybody knows. */
export function isVoterWith(state: RaftState, id: number, directoryId: string): boolean {
  if (!state.settings.voters.includes(id)) return false;
  const known = latestVoters(state)?.find((voter) => voter.id === id)?.directoryId ?? '';
  return known === '' || directoryId === '' || known === directoryId;
}

/** The state in which the log says these sets: the last one counts at once (Raft 4.1), none means those of the start. */
export function withVoterSets(state: RaftState, voterSets: readonly VoterSet[]): RaftState {
  const voters = voterSets.at(-1)?.voters.map(({ id }) => id) ?? state.firstVoters;
  return { ...state, voterSets, settings: { ...state.settings, voters } };
}

/** After a truncation to `offset`: a set that went with it counts no more. */
export function truncatedVoterSets(state: RaftState, offset: number): RaftState {
  const kept = state.voterSets.filter((set) => set.offset < offset);
  return kept.length === state.voterSets.length ? state : withVoterSets(state, kept);
}

/** After a snapshot up to `offset`: of the sets before it only the last one can matter. */
export function trimmedVoterSets(state: RaftState, offset: number): RaftState {
  const first = state.voterSets.findLastIndex((set) => set.offset < offset);
  return first <= 0 ? state : { ...state, voterSets: state.voterSets.slice(first) };
}
