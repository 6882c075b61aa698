import { assert } from '../../../base/assert.ts';
import type { RaftState } from '../raft-state.ts';
import type { SimulatedQuorum } from './simulated-quorum.ts';

type Member = SimulatedQuorum['members'][number];

/** Watches a simulated quorum from outside and asserts, after every step, what must always hold. */
export class QuorumInvariants {
  /** The one history: value by offset, as first seen committed. */
  readonly committed: string[] = [];
  readonly #quorum: SimulatedQuorum;
  readonly #leaders = new Map<number, number>();
  readonly #epochs = new Map<number, number>();

  constructor(quorum: SimulatedQuorum) {
    this.#quorum = quorum;
    quorum.onStep = (member, before) => this.#check(member, before);
  }

  #check(member: Member, before: RaftState): void {
    const { state } = member;
    if (!state) return;
    this.#monotonicEpoch(member, state);
    this.#singleLeader(member, state);
    assert(state.highWatermark >= before.highWatermark, `MonotonicHighWatermark: member ${member.id}`);
    assert(state.log.endOffset === member.disk.endOffset, `member ${member.id}: view and log differ in their end`);
    assert(state.log.durableOffset <= member.disk.durableOffset, `member ${member.id} calls unsynced records durable`);
    if (state.highWatermark > before.highWatermark) this.#consistentCommittedData(member, state);
  }

  #monotonicEpoch(member: Member, state: RaftState): void {
    const known = this.#epochs.get(member.id) ?? 0;
    assert(state.epoch >= known, `MonotonicEpoch: member ${member.id} went from ${known} to ${state.epoch}`);
    this.#epochs.set(member.id, state.epoch);
  }

  #singleLeader(member: Member, { epoch, role }: RaftState): void {
    if (role.kind !== 'leader') return;
    const known = this.#leaders.get(epoch) ?? member.id;
    assert(known === member.id, `SingleLeader: ${known} and ${member.id} lead epoch ${epoch}`);
    this.#leaders.set(epoch, member.id);
  }

  #consistentCommittedData(member: Member, { highWatermark, role }: RaftState): void {
    const values = member.disk.valuesBelow(highWatermark);
    values.forEach((value, offset) => {
      const known = this.committed[offset] ?? value;
      assert(known === value, `ConsistentCommittedData: ${offset} is "${known}" and, at ${member.id}, "${value}"`);
      this.committed[offset] = known;
    });
    if (role.kind === 'leader') this.#majorityReachedHighWatermark(member, highWatermark);
  }

  #majorityReachedHighWatermark(member: Member, highWatermark: number): void {
    const voting = member.state?.settings.voters ?? [];
    const voters = this.#quorum.members.filter(({ id }) => voting.includes(id));
    const reached = voters.filter(({ disk }) => disk.durableOffset >= highWatermark).length;
    assert(reached * 2 > voters.length, `MajorityReachedHighWatermark: ${highWatermark} at ${reached} members`);
  }
}
