import { describe, expect, it } from 'vitest';
import { messageOf } from '../../base/errors.ts';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { QuorumInvariants } from './testing/quorum-invariants.ts';
import { SimulatedQuorum, voterOf } from './testing/simulated-quorum.ts';
import type { VoterChange } from './voter-change.ts';

const seeds = Number(process.env.MILLRACE_RAFT_SEEDS ?? 150);
const firstVoters = 3;
const spares = 3;
/** Fewer voters than this are not asked for: somebody has to be left when one is down. */
const votersMin = 2;

interface Run {
  readonly random: SeededRandom;
  readonly quorum: SimulatedQuorum;
  readonly invariants: QuorumInvariants;
  changes: number;
}

function begin(seed: number): Run {
  const random = new SeededRandom(seed);
  const quorum = new SimulatedQuorum(random, firstVoters, {}, spares);
  const invariants = new QuorumInvariants(quorum);
  quorum.advance(1_000);
  quorum.formatVoters();
  quorum.advance(1_000);
  return { random, quorum, invariants, changes: 0 };
}

function randomChange({ random, quorum }: Run): VoterChange | undefined {
  const voters = quorum.leader()?.state?.settings.voters ?? [];
  const member = quorum.members[randomBelow(random, quorum.members.length)]!;
  if (!voters.includes(member.id)) return { kind: 'add', voter: voterOf(member.id) };
  return voters.length > votersMin ? { kind: 'remove', id: member.id, directoryId: '' } : undefined;
}

function strike(run: Run): void {
  const { quorum, random } = run;
  const member = quorum.members[randomBelow(random, quorum.members.length)]!;
  switch (randomBelow(random, 10)) {
    case 0:
      if (member.state) quorum.crash(member);
      return;
    case 1:
      for (const other of quorum.members) if (!other.state) quorum.start(other);
      return;
    case 2: {
      const leader = quorum.leader();
      if (leader) quorum.crash(leader);
      return;
    }
    case 3:
      for (const other of quorum.members) {
        quorum.cut.add(`${member.id}>${other.id}`);
        if (random.next() < 0.7) quorum.cut.add(`${other.id}>${member.id}`);
      }
      return;
    case 4:
      quorum.cut.clear();
      return;
    case 5:
      quorum.takeSnapshot(member);
      return;
    case 6:
      quorum.resign(member);
      return;
    default: {
      const change = randomChange(run);
      if (change && quorum.changeVoters(change) === 'done') run.changes++;
    }
  }
}

function settle({ quorum, invariants }: Run): void {
  quorum.cut.clear();
  Object.assign(quorum.faults, { loss: 0, duplication: 0, delayMsMax: 5, fsyncMsMax: 3 });
  for (const member of quorum.members) if (!member.state) quorum.start(member);
  quorum.advance(12_000);
  const leader = quorum.leader();
  expect(leader, 'a leader after the network healed').toBeDefined();
  quorum.append(leader!, 'the last value');
  quorum.advance(3_000);
  expect(invariants.committed.at(-1)).toBe('the last value');
  const { voters } = leader!.state!.settings;
  expect(voters).toContain(leader!.id);
  for (const { id, disk, state } of quorum.members) {
    expect(state?.settings.voters, `voters as ${id} knows them`).toEqual(voters);
    expect(state?.highWatermark, `high watermark of ${id}`).toBe(invariants.committed.length);
    expect(disk.valuesBelow(disk.endOffset)).toEqual(invariants.committed);
  }
}

function runSeed(seed: number): number {
  const run = begin(seed);
  const { quorum, random } = run;
  Object.assign(quorum.faults, {
    loss: random.next() * 0.2,
    duplication: random.next() * 0.2,
    delayMsMax: [5, 100, 400][randomBelow(random, 3)],
    fsyncMsMax: [3, 100, 800][randomBelow(random, 3)],
  });
  for (let round = 0; round < 30; round++) {
    quorum.advance(200 + random.next() * 1_500);
    for (const member of quorum.members)
      for (let copy = randomBelow(random, 3); copy >= 0; copy--)
        quorum.append(member, `value ${seed}-${round}-${member.id}-${copy}`);
    if (random.next() < 0.5) quorum.advance(random.next() * 200);
    strike(run);
  }
  settle(run);
  return run.changes;
}

describe('a quorum whose voters change under faults', () => {
  it(`keeps its promises and comes back, for ${seeds} seeds`, () => {
    let changes = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        changes += runSeed(seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${messageOf(error)}`, { cause: error });
      }
    }
    expect(changes).toBeGreaterThan(seeds);
  });
});

describe('voters', () => {
  it('are replaced one by one until nobody of the first is left, and all is still there', () => {
    const run = begin(11);
    const { quorum } = run;
    quorum.append(quorum.leader()!, 'before');
    for (const id of [1, 2, 3]) {
      expect(quorum.changeVoters({ kind: 'add', voter: voterOf(id + firstVoters) })).toBe('done');
      quorum.advance(1_000);
      expect(quorum.changeVoters({ kind: 'remove', id, directoryId: '' })).toBe('done');
      quorum.advance(3_000);
    }
    expect(quorum.leader()?.state?.settings.voters).toEqual([4, 5, 6]);
    for (const id of [1, 2, 3]) quorum.crash(quorum.members[id - 1]!);
    settle(run);
    expect(run.invariants.committed).toContain('before');
  });

  it('that are removed while they lead hand the lead over within a second', () => {
    const { quorum } = begin(5);
    const leader = quorum.leader()!;
    quorum.changeVoters({ kind: 'remove', id: leader.id, directoryId: '' });
    quorum.advance(1_000);
    expect(quorum.leader()).toBeDefined();
    expect(quorum.leader()).not.toBe(leader);
    quorum.advance(3_000);
    expect(leader.state?.role.kind).toBe('follower');
  });

  it('change one at a time, once something of the term is committed, and only to who is level', () => {
    const { quorum } = begin(7);
    quorum.crash(quorum.members[5]!);
    quorum.advance(4_000);
    expect(quorum.changeVoters({ kind: 'add', voter: voterOf(6) })).toBe('not-caught-up');
    expect(quorum.changeVoters({ kind: 'add', voter: voterOf(1) })).toBe('duplicate');
    expect(quorum.changeVoters({ kind: 'remove', id: 5, directoryId: '' })).toBe('not-found');
    expect(quorum.changeVoters({ kind: 'remove', id: 2, directoryId: 'another disk' })).toBe('not-found');
    expect(quorum.changeVoters({ kind: 'add', voter: voterOf(4) })).toBe('done');
    expect(quorum.changeVoters({ kind: 'add', voter: voterOf(5) })).toBe('not-ready');
    quorum.advance(100);
    expect(quorum.changeVoters({ kind: 'add', voter: voterOf(5) })).toBe('done');
  });

  it('with another disk under their id neither give a vote nor count as replicas (KIP-853)', () => {
    const quorum = new SimulatedQuorum(new SeededRandom(9), firstVoters);
    quorum.advance(1_000);
    const leader = quorum.leader()!;
    const [replaced, third] = quorum.members.filter((member) => member !== leader);
    quorum.formatVoters((id) => ({ ...voterOf(id), ...(id === replaced!.id ? { directoryId: 'the old disk' } : {}) }));
    quorum.advance(1_000);
    quorum.crash(third!);
    const committed = leader.state!.highWatermark;
    quorum.append(leader, 'held by the leader and a stranger');
    quorum.advance(20_000);
    expect(leader.state?.highWatermark).toBe(committed);
    expect(quorum.leader(), 'a majority without the third').toBeUndefined();
    quorum.start(third!);
    quorum.advance(5_000);
    expect(quorum.leader()).toBeDefined();
  });
});
