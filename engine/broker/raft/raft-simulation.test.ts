import { describe, expect, it } from 'vitest';
import { messageOf } from '../../base/errors.ts';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { raftDefaults } from './raft-settings.ts';
import { QuorumInvariants } from './testing/quorum-invariants.ts';
import { SimulatedQuorum } from './testing/simulated-quorum.ts';

const seedsPerSize = 150;

function strike(quorum: SimulatedQuorum, random: SeededRandom): void {
  const member = quorum.members[randomBelow(random, quorum.members.length)]!;
  switch (randomBelow(random, 9)) {
    case 0:
      if (member.state) quorum.crash(member);
      break;
    case 1:
    case 2:
      if (!member.state) quorum.start(member);
      break;
    case 3: {
      const leader = quorum.leader();
      if (leader) quorum.crash(leader);
      break;
    }
    case 4:
      for (const other of quorum.members) {
        quorum.cut.add(`${member.id}>${other.id}`);
        if (random.next() < 0.7) quorum.cut.add(`${other.id}>${member.id}`);
      }
      break;
    case 5:
    case 6:
      quorum.cut.clear();
      break;
    case 7:
      quorum.takeSnapshot(member);
      break;
    case 8:
      quorum.resign(member);
  }
}

function heal(quorum: SimulatedQuorum): void {
  quorum.cut.clear();
  Object.assign(quorum.faults, { loss: 0, duplication: 0, delayMsMax: 5, fsyncMsMax: 3 });
  for (const member of quorum.members) if (!member.state) quorum.start(member);
}

function runSeed(seed: number, size: number): void {
  const random = new SeededRandom(seed);
  const quorum = new SimulatedQuorum(random, size);
  const invariants = new QuorumInvariants(quorum);
  Object.assign(quorum.faults, {
    loss: random.next() * 0.2,
    duplication: random.next() * 0.2,
    delayMsMax: [5, 100, 400][randomBelow(random, 3)],
    fsyncMsMax: [3, 100, 800][randomBelow(random, 3)],
  });
  for (let round = 0; round < 25; round++) {
    quorum.advance(200 + random.next() * 1_500);
    for (const member of quorum.members)
      for (let copy = randomBelow(random, 4); copy >= 0; copy--)
        quorum.append(member, `value ${seed}-${round}-${member.id}-${copy}`);
    if (random.next() < 0.5) quorum.advance(random.next() * 200);
    strike(quorum, random);
  }
  heal(quorum);
  quorum.advance(8_000);
  const leader = quorum.leader();
  expect(leader, 'a leader after the network healed').toBeDefined();
  quorum.append(leader!, 'the last value');
  quorum.advance(2_000);
  expect(invariants.committed.at(-1)).toBe('the last value');
  for (const { id, disk, state } of quorum.members) {
    expect(state?.highWatermark, `high watermark of ${id}`).toBe(invariants.committed.length);
    expect(disk.valuesBelow(disk.endOffset)).toEqual(invariants.committed);
  }
}

describe.each([1, 3, 5])('a quorum of %i under faults', (size) => {
  it(`keeps its promises and comes back, for ${seedsPerSize} seeds`, () => {
    for (let seed = 1; seed <= seedsPerSize; seed++) {
      try {
        runSeed(seed, size);
      } catch (error) {
        throw new Error(`seed ${seed}, ${size} voters: ${messageOf(error)}`, { cause: error });
      }
    }
  });
});

describe('a quorum whose machines are so loaded that answers are later than its timeouts', () => {
  const seeds = 20;

  function newest(quorum: SimulatedQuorum) {
    const states = quorum.members.flatMap(({ state }) => state ?? []);
    return {
      epoch: Math.max(...states.map(({ epoch }) => epoch)),
      committed: Math.max(...states.map(({ highWatermark }) => highWatermark)),
    };
  }

  /** What a loaded minute brings, after one to get used to it. */
  function loadedMinute(seed: number, patienceMax: number) {
    const quorum = new SimulatedQuorum(new SeededRandom(seed), 3, { patienceMax });
    quorum.advance(1_000);
    Object.assign(quorum.faults, { delayMsMax: 2_400 });
    quorum.advance(60_000);
    const before = newest(quorum);
    for (let second = 0; second < 60; second++) {
      quorum.advance(1_000);
      for (const member of quorum.members) quorum.append(member, `${second} at ${member.id}`);
    }
    const after = newest(quorum);
    return { quorum, elections: after.epoch - before.epoch, committed: after.committed - before.committed };
  }

  const total = (patienceMax: number) => {
    let elections = 0;
    let committed = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const minute = loadedMinute(seed, patienceMax);
      elections += minute.elections;
      committed += minute.committed;
    }
    return { elections, committed };
  };

  it('waits longer after each failed term: half as many elections, twice as much committed (rule 11)', () => {
    const patient = total(raftDefaults.patienceMax);
    const impatient = total(1);
    expect(patient.elections).toBeLessThan(impatient.elections / 2);
    expect(patient.committed).toBeGreaterThan(impatient.committed * 2);
  });

  it('is as quick as ever after one calm term', () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { quorum } = loadedMinute(seed, raftDefaults.patienceMax);
      Object.assign(quorum.faults, { delayMsMax: 5 });
      quorum.advance(30_000);
      expect(quorum.members.map(({ state }) => state?.failedTerms)).toEqual([0, 0, 0]);
      quorum.crash(quorum.leader()!);
      quorum.advance(2_000);
      expect(quorum.leader(), `seed ${seed}`).toBeDefined();
    }
  });
});

describe('a healthy quorum', () => {
  it('elects its first leader within 200 ms of a cold start', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const quorum = new SimulatedQuorum(new SeededRandom(seed), 3);
      quorum.advance(200);
      expect(quorum.leader()?.state?.highWatermark, `seed ${seed}`).toBeGreaterThan(0);
    }
  });

  it('keeps its leader for as long as nothing happens', () => {
    const quorum = new SimulatedQuorum(new SeededRandom(7), 3);
    quorum.advance(1_000);
    const epoch = quorum.leader()?.state?.epoch;
    quorum.advance(60_000);
    expect(quorum.leader()?.state?.epoch).toBe(epoch);
  });

  it('replaces a crashed leader within 2 s, and an announced one within 500 ms', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const quorum = new SimulatedQuorum(new SeededRandom(seed), 3);
      quorum.advance(1_000);
      const first = quorum.leader()!;
      quorum.crash(first);
      quorum.advance(2_000);
      const second = quorum.leader();
      expect(second?.id, `seed ${seed}`).toBeDefined();
      expect(second).not.toBe(first);
      quorum.start(first);
      quorum.advance(1_000);
      quorum.resign(second!);
      quorum.advance(500);
      expect(quorum.leader()?.state?.epoch, `seed ${seed}`).toBeGreaterThan(second!.state!.epoch - 1);
      expect(quorum.leader()).toBeDefined();
    }
  });

  it('is not disturbed by a member that was cut off and comes back (pre-vote)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const quorum = new SimulatedQuorum(new SeededRandom(seed), 3);
      quorum.advance(1_000);
      const leader = quorum.leader()!;
      const epoch = leader.state!.epoch;
      const outsider = quorum.members.find((member) => member !== leader)!;
      for (const other of quorum.members)
        quorum.cut.add(`${outsider.id}>${other.id}`).add(`${other.id}>${outsider.id}`);
      quorum.advance(20_000);
      quorum.cut.clear();
      quorum.advance(5_000);
      expect(leader.state?.epoch, `seed ${seed}`).toBe(epoch);
      expect(outsider.state?.role.kind).toBe('follower');
    }
  });

  it('has a cut-off leader resign (check quorum) while the others elect another', () => {
    const quorum = new SimulatedQuorum(new SeededRandom(3), 3);
    quorum.advance(1_000);
    const leader = quorum.leader()!;
    for (const other of quorum.members) quorum.cut.add(`${leader.id}>${other.id}`).add(`${other.id}>${leader.id}`);
    quorum.advance(4_000);
    expect(leader.state?.role.kind).not.toBe('leader');
    expect(quorum.leader()).toBeDefined();
  });
});
