import { assert } from '../../../base/assert.ts';
import type { Random } from '../../../base/random.ts';
import { epochBefore } from '../log-view.ts';
import { nextDeadlineMs } from '../next-deadline.ts';
import { patienceOf } from '../patience.ts';
import type { RaftEffect } from '../raft-effect.ts';
import type { RaftEvent } from '../raft-input.ts';
import type { RaftReply, RaftRequest } from '../raft-message.ts';
import type { RaftSettings } from '../raft-settings.ts';
import { raftDefaults } from '../raft-settings.ts';
import type { RaftState } from '../raft-state.ts';
import { initialRaftState } from '../raft-state.ts';
import { step } from '../step.ts';
import type { VoterChange, VoterChangeRefusal } from '../voter-change.ts';
import { planVoterChange } from '../voter-change.ts';
import type { Voter } from '../voter-sets.ts';
import type { Entry } from './simulated-member.ts';
import { SimulatedDisk } from './simulated-member.ts';

/** How bad the simulated world is. Probabilities in [0, 1], times in milliseconds. */
export interface Faults {
  loss: number;
  duplication: number;
  delayMsMax: number;
  fsyncMsMax: number;
}

interface Member {
  readonly id: number;
  readonly settings: RaftSettings;
  readonly disk: SimulatedDisk;
  state: RaftState | undefined;
  incarnation: number;
  readonly replies: Map<number, (reply: RaftReply, extra: Partial<ResponseExtra>) => void>;
  snapshotDraft: string[];
  snapshotVoters: readonly Voter[] | undefined;
}

/** A piece of a snapshot on its way. */
interface SnapshotPiece {
  readonly values: readonly string[];
  readonly voters: readonly Voter[] | undefined;
}

type ResponseExtra = Pick<Extract<RaftEvent, { type: 'response' }>, 'records' | 'chunk'>;

const requestTimeoutMs = 1_000;
const chunkValues = 7;
const readEntriesMax = 10;

/** A voter as its records name it. */
export function voterOf(id: number): Voter {
  return { id, directoryId: directoryOf(id), host: 'simulated', port: 9_000 + id };
}

function directoryOf(id: number): string {
  return `disk-${id}`;
}

/** A quorum of raft members in one process on virtual time: tests only. Faults and order come from one random source. */
export class SimulatedQuorum {
  nowMs = 0;
  readonly members: readonly Member[];
  readonly faults: Faults = { loss: 0, duplication: 0, delayMsMax: 5, fsyncMsMax: 3 };
  /** Pairs `from>to` that cannot talk. */
  readonly cut = new Set<string>();
  /** Called after every step of a member. */
  onStep: (member: Member, before: RaftState, effects: readonly RaftEffect[]) => void = () => {};
  readonly #random: Random;
  readonly #agenda: { atMs: number; order: number; run: () => void }[] = [];
  #order = 0;
  #replyId = 0;

  /** `size` voters, and `spares` that do not vote yet. */
  constructor(random: Random, size: number, settings: Partial<RaftSettings> = {}, spares = 0) {
    this.#random = random;
    const ids = Array.from({ length: size + spares }, (_, index) => index + 1);
    const voters = ids.slice(0, size);
    this.members = ids.map((id) => ({
      id,
      settings: { ...raftDefaults, ...settings, nodeId: id, directoryId: directoryOf(id), voters },
      disk: new SimulatedDisk(),
      state: undefined,
      incarnation: 0,
      replies: new Map(),
      snapshotDraft: [],
      snapshotVoters: undefined,
    }));
    for (const member of this.members) this.start(member);
  }

  start(member: Member): void {
    const { settings, disk } = member;
    const chance = this.#random.next();
    member.state = initialRaftState({
      settings,
      election: disk.election,
      log: disk.view(),
      voterSets: disk.voterSets(),
      nowMs: this.nowMs,
      chance,
    });
    member.incarnation++;
    this.#wake(member);
  }

  crash(member: Member): void {
    member.state = undefined;
    member.replies.clear();
    member.disk.crash(this.#random.next());
  }

  /** The member that leads the newest epoch, if one does. */
  leader(): Member | undefined {
    const leaders = this.members.filter((member) => member.state?.role.kind === 'leader');
    return leaders.sort((a, b) => (b.state?.epoch ?? 0) - (a.state?.epoch ?? 0))[0];
  }

  /** A client writes at a member that believes it leads. */
  append(member: Member, value: string): void {
    const { state, disk } = member;
    if (state?.role.kind !== 'leader') return;
    disk.append([{ epoch: state.epoch, value }]);
    this.#feed(member, { type: 'appended', endOffset: disk.endOffset });
    this.#fsync(member);
  }

  takeSnapshot(member: Member): void {
    const { state, disk } = member;
    if (!state || state.highWatermark <= disk.startOffset) return;
    const id = { offset: state.highWatermark, epoch: epochBefore(state.log, state.highWatermark) };
    disk.snapshot = { id, values: disk.valuesBelow(id.offset), voters: disk.voterSets(id.offset).at(-1)?.voters };
    this.#feed(member, { type: 'snapshotTaken', id });
  }

  /** Who leads changes the voters, where it may; the first time it writes down those that it was started with. */
  changeVoters(change: VoterChange): VoterChangeRefusal | 'done' {
    const leader = this.leader();
    if (!leader?.state) return 'not-leader';
    const planned = planVoterChange(leader.state, change, this.nowMs);
    if (!planned.ok) return planned.error;
    this.#feed(leader, { type: 'changeVoters', voters: planned.value });
    return 'done';
  }

  /** Writes down the voters that the quorum was started with, after which they can change. */
  formatVoters(nameOf: (id: number) => Voter = voterOf): void {
    const leader = this.leader();
    if (leader?.state) this.#feed(leader, { type: 'changeVoters', voters: leader.state.firstVoters.map(nameOf) });
  }

  resign(member: Member): void {
    this.#feed(member, { type: 'resign' });
  }

  /** Runs everything that falls due within `durationMs`. */
  advance(durationMs: number, whenIdle: () => void = () => {}): void {
    const endMs = this.nowMs + durationMs;
    for (;;) {
      const next = this.#earliest();
      if (!next || next.atMs > endMs) break;
      this.#agenda.splice(this.#agenda.indexOf(next), 1);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      whenIdle();
    }
    this.nowMs = endMs;
  }

  #earliest() {
    let first = this.#agenda[0];
    for (const item of this.#agenda)
      if (first && (item.atMs < first.atMs || (item.atMs === first.atMs && item.order < first.order))) first = item;
    return first;
  }

  #after(delayMs: number, run: () => void): void {
    this.#agenda.push({ atMs: this.nowMs + delayMs, order: this.#order++, run });
  }

  #wake(member: Member): void {
    const { state, incarnation } = member;
    if (!state) return;
    const dueMs = nextDeadlineMs(state);
    if (!Number.isFinite(dueMs)) return;
    this.#after(Math.max(0, dueMs - this.nowMs), () => {
      if (member.state === state && member.incarnation === incarnation) this.#feed(member, { type: 'tick' });
    });
  }

  #feed(member: Member, event: RaftEvent): void {
    const before = member.state;
    if (!before) return;
    const { state, effects } = step(before, { nowMs: this.nowMs, chance: this.#random.next(), event });
    assert(this.nowMs < nextDeadlineMs(state) || event.type !== 'tick', `member ${member.id} ticks in a busy loop`);
    member.state = state;
    for (const effect of effects) this.#perform(member, effect);
    this.onStep(member, before, effects);
    this.#wake(member);
  }

  #perform(member: Member, effect: RaftEffect): void {
    const { disk } = member;
    switch (effect.type) {
      case 'persistElection':
        disk.election = effect.election;
        return;
      case 'send':
        this.#request(member, effect);
        return;
      case 'reply':
        this.#reply(member, effect.replyTo, effect.reply);
        return;
      case 'appendLeaderChange':
        assert(effect.offset === disk.endOffset, `leader change at ${effect.offset}, log ends at ${disk.endOffset}`);
        disk.append([{ epoch: effect.epoch, value: `leader ${member.id} of ${effect.epoch}` }]);
        this.#fsync(member);
        return;
      case 'appendVoters':
        this.#appendVoters(member, effect);
        return;
      case 'append':
        disk.append(effect.payload as Entry[]);
        this.#fsync(member);
        return;
      case 'truncate':
        disk.truncate(effect.offset);
        return;
      case 'trim':
        disk.trim(effect.startOffset);
        return;
      case 'writeSnapshot':
        if (effect.position === 0) member.snapshotDraft = [];
        member.snapshotDraft.push(...(effect.payload as SnapshotPiece).values);
        member.snapshotVoters = (effect.payload as SnapshotPiece).voters;
        return;
      case 'installSnapshot':
        disk.install({ id: effect.id, values: member.snapshotDraft, voters: member.snapshotVoters });
        return;
      case 'committed':
        return;
    }
  }

  #appendVoters(member: Member, effect: Extract<RaftEffect, { type: 'appendVoters' }>): void {
    const { disk } = member;
    const { epoch, offset, voters, isFirst } = effect;
    assert(offset === disk.endOffset, `voters at ${offset}, log ends at ${disk.endOffset}`);
    if (isFirst) disk.append([{ epoch, value: 'version' }]);
    disk.append([{ epoch, value: `voters ${voters.map(({ id }) => id)} of ${epoch}`, voters }]);
    this.#fsync(member);
  }

  #fsync(member: Member): void {
    const { disk, incarnation } = member;
    const endOffset = disk.endOffset;
    const truncations = member.state?.log.truncations ?? 0;
    this.#after(this.#random.next() * this.faults.fsyncMsMax, () => {
      if (member.incarnation !== incarnation || !member.state) return;
      if (member.state.log.truncations === truncations)
        disk.durableOffset = Math.max(disk.durableOffset, Math.min(endOffset, disk.endOffset));
      this.#feed(member, { type: 'persisted', endOffset, truncations });
    });
  }

  #request(from: Member, { requestId, to, request }: { requestId: number; to: number; request: RaftRequest }): void {
    const { incarnation } = from;
    let isAnswered = false;
    const finish = (event: RaftEvent) => {
      if (from.incarnation !== incarnation || !from.state) return;
      if (event.type === 'failure' && isAnswered) return;
      isAnswered = true;
      this.#feed(from, event);
    };
    const fail = (unreachable: boolean) => finish({ type: 'failure', requestId, from: to, request, unreachable });
    this.#after(requestTimeoutMs * (from.state ? patienceOf(from.state) : 1), () => fail(false));
    const target = this.members.find((member) => member.id === to);
    this.#carry(from.id, to, () => {
      if (!target?.state) {
        fail(true);
        return;
      }
      const replyTo = this.#replyId++;
      target.replies.set(replyTo, (reply, extra) =>
        this.#carry(to, from.id, () => finish({ type: 'response', requestId, from: to, request, reply, ...extra })),
      );
      this.#feed(target, { type: 'request', replyTo, request });
    });
  }

  #carry(from: number, to: number, deliver: () => void): void {
    if (this.cut.has(`${from}>${to}`) || this.#random.next() < this.faults.loss) return;
    this.#after(this.#random.next() * this.faults.delayMsMax, deliver);
    if (this.#random.next() < this.faults.duplication)
      this.#after(this.#random.next() * this.faults.delayMsMax * 20, deliver);
  }

  #reply(member: Member, replyTo: number, reply: RaftReply): void {
    const answer = member.replies.get(replyTo);
    member.replies.delete(replyTo);
    if (reply.type === 'fetch' && reply.read) answer?.(reply, this.#read(member, reply.read));
    else if (reply.type === 'snapshot' && reply.error === 'NONE') this.#replySnapshot(member, reply, answer);
    else answer?.(reply, {});
  }

  #read({ disk }: Member, { from, before }: { from: number; before: number }): Partial<ResponseExtra> {
    const end = Math.min(before, from + readEntriesMax);
    if (end <= from) return {};
    const payload = disk.entries.slice(from - disk.startOffset, end - disk.startOffset);
    const epochs = payload.flatMap((entry, index) =>
      entry.epoch === payload[index - 1]?.epoch ? [] : [{ epoch: entry.epoch, startOffset: from + index }],
    );
    const voterSets = payload.flatMap(({ voters }, index) => (voters ? { offset: from + index, voters } : []));
    return { records: { payload, baseOffset: from, endOffset: end, epochs, voterSets } };
  }

  #replySnapshot(
    { disk }: Member,
    reply: Extract<RaftReply, { type: 'snapshot' }>,
    answer: ((reply: RaftReply, extra: Partial<ResponseExtra>) => void) | undefined,
  ): void {
    const { snapshot } = disk;
    if (snapshot?.id.offset !== reply.id.offset) {
      answer?.({ ...reply, error: 'SNAPSHOT_NOT_FOUND' }, {});
      return;
    }
    const values = snapshot.values.slice(reply.position, reply.position + chunkValues);
    const { voters } = snapshot;
    answer?.(reply, {
      chunk: {
        payload: { values, voters } satisfies SnapshotPiece,
        voters,
        position: reply.position,
        lengthBytes: values.length,
        sizeBytes: snapshot.values.length,
      },
    });
  }
}
