import { describe, expect, it } from 'vitest';
import type { LogView } from './log-view.ts';
import { emptyLog } from './log-view.ts';
import type { RaftEvent } from './raft-input.ts';
import type { VoteRequest } from './raft-message.ts';
import { raftDefaults } from './raft-settings.ts';
import type { RaftState } from './raft-state.ts';
import { initialRaftState } from './raft-state.ts';
import { step } from './step.ts';

const settings = { ...raftDefaults, nodeId: 1, directoryId: '', voters: [1, 2, 3] };

function member(log: LogView = emptyLog, epoch = 0): RaftState {
  return initialRaftState({ settings, log, election: { epoch, votedFor: -1, leaderId: -1 }, nowMs: 0, chance: 0.5 });
}

function run(state: RaftState, ...events: RaftEvent[]) {
  let result = { state, effects: [] as readonly ReturnType<typeof step>['effects'][number][] };
  for (const event of events) {
    const next = step(result.state, { nowMs: 100, chance: 0.5, event });
    result = { state: next.state, effects: [...result.effects, ...next.effects] };
  }
  return result;
}

/** The member elected by voter 2. */
function leader(log?: LogView, epoch?: number): RaftState {
  let { state } = run(member(log, epoch), { type: 'tick' });
  for (const preVote of [true, false]) {
    const request: VoteRequest = { ...vote(state.epoch), preVote, candidateId: 1 };
    const reply = { type: 'vote', error: 'NONE', epoch: state.epoch, leaderId: -1, granted: true } as const;
    state = run(state, { type: 'response', requestId: 0, from: 2, request, reply }).state;
  }
  return state;
}

function vote(epoch: number, fields: Partial<VoteRequest> = {}): VoteRequest {
  return {
    type: 'vote',
    preVote: false,
    epoch,
    candidateId: 2,
    voterDirectoryId: '',
    lastEpoch: 9,
    endOffset: 9,
    ...fields,
  };
}

function asked(request: VoteRequest): RaftEvent {
  return { type: 'request', replyTo: 1, request };
}

function fetched(state: RaftState, replicaId: number, offset: number, lastEpoch: number): RaftEvent {
  const fetch = { replicaId, directoryId: '', offset, lastEpoch, epoch: state.epoch, highWatermark: 0, waitMsMax: 500 };
  return { type: 'request', replyTo: replicaId, request: { type: 'fetch', ...fetch } };
}

describe('votes', () => {
  it('are on disk before they are told (rule 1)', () => {
    const { effects } = run(member(), asked(vote(4)));
    expect(effects.map((effect) => effect.type)).toEqual(['persistElection', 'reply']);
    expect(effects[0]).toMatchObject({ election: { epoch: 4, votedFor: 2 } });
    expect(effects[1]).toMatchObject({ reply: { granted: true, epoch: 4 } });
  });

  it('go to one candidate of an epoch, who may ask again', () => {
    const { state } = run(member(), asked(vote(4)));
    expect(run(state, asked(vote(4, { candidateId: 3 }))).effects).toMatchObject([{ reply: { granted: false } }]);
    expect(run(state, asked(vote(4))).effects).toMatchObject([{ reply: { granted: true } }]);
  });

  it('do not go to a candidate with an older log, nor to a stranger', () => {
    const log = { ...emptyLog, endOffset: 5, epochs: [{ epoch: 2, startOffset: 0 }] };
    const granted = (request: VoteRequest) =>
      run(member(log), asked(request)).effects.find((effect) => effect.type === 'reply');
    expect(granted(vote(4, { lastEpoch: 2, endOffset: 4 }))).toMatchObject({ reply: { granted: false } });
    expect(granted(vote(4, { lastEpoch: 1, endOffset: 9 }))).toMatchObject({ reply: { granted: false } });
    expect(granted(vote(4, { lastEpoch: 2, endOffset: 5 }))).toMatchObject({ reply: { granted: true } });
    expect(granted(vote(4, { candidateId: 7 }))).toMatchObject({ reply: { granted: false, error: 'INVALID_REQUEST' } });
  });
});

describe('a leader', () => {
  it('commits records of older epochs only along with one of its own (rule 14)', () => {
    const log = { ...emptyLog, endOffset: 5, epochs: [{ epoch: 2, startOffset: 0 }] };
    const state = leader(log, 3);
    expect(state).toMatchObject({ epoch: 4, leaderId: 1, role: { kind: 'leader', epochStartOffset: 5 } });
    const old = run(state, fetched(state, 2, 5, 2));
    expect(old.state.highWatermark).toBe(0);
    const persisted: RaftEvent = { type: 'persisted', endOffset: 6, truncations: 0 };
    const own = run(old.state, persisted, fetched(state, 2, 6, 4));
    expect(own.state.highWatermark).toBe(6);
    expect(own.effects).toContainEqual({ type: 'committed', highWatermark: 6 });
  });

  it('counts itself only as far as it has fsynced', () => {
    const state = leader();
    const { state: followed } = run(state, fetched(state, 2, 1, 1));
    expect(followed.highWatermark).toBe(0);
    expect(run(followed, { type: 'persisted', endOffset: 1, truncations: 0 }).state.highWatermark).toBe(1);
  });

  it('tells a follower whose log departs from its own where to cut', () => {
    const log = { ...emptyLog, endOffset: 5, epochs: [{ epoch: 2, startOffset: 0 }] };
    const state = leader(log, 3);
    const { effects } = run(state, fetched(state, 3, 8, 3));
    expect(effects).toMatchObject([{ reply: { diverging: { epoch: 2, endOffset: 5 } } }]);
  });

  it('names the snapshot to a follower behind the start of the log', () => {
    const snapshot = { offset: 50, epoch: 2 };
    const log = { ...emptyLog, startOffset: 50, endOffset: 60, snapshot, epochs: [{ epoch: 2, startOffset: 50 }] };
    const state = leader(log, 3);
    expect(run(state, fetched(state, 3, 10, 1)).effects).toMatchObject([{ reply: { snapshot } }]);
    expect(run(state, fetched(state, 3, 0, 0)).effects).toMatchObject([{ reply: { snapshot } }]);
  });

  it('refuses fetches of other epochs', () => {
    const state = leader();
    const of = (epoch: number) => run(state, fetched({ ...state, epoch }, 2, 0, 0)).effects.at(0);
    expect(of(0)).toMatchObject({ reply: { error: 'FENCED_LEADER_EPOCH' } });
    expect(of(9)).toMatchObject({ reply: { error: 'UNKNOWN_LEADER_EPOCH' } });
  });

  it('steps down for a newer epoch and lets waiting fetches go', () => {
    const state = leader();
    const waiting = run(state, { type: 'persisted', endOffset: 1, truncations: 0 }, fetched(state, 2, 1, 1)).state;
    const parked = run(waiting, { ...fetched(waiting, 3, 1, 1) }).state;
    const { state: after, effects } = run(parked, asked(vote(7, { candidateId: 3 })));
    expect(after).toMatchObject({ epoch: 7, votedFor: 3, role: { kind: 'unattached' } });
    expect(effects[0]).toMatchObject({ type: 'persistElection' });
  });
});
