import { assert } from '../../../base/assert.ts';
import type { Cancel, Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import type { RaftAnswer } from '../../api/quorum/quorum-services.ts';
import type { SnapshotId } from '../../raft/log-view.ts';
import { nextDeadlineMs } from '../../raft/next-deadline.ts';
import { patienceOf } from '../../raft/patience.ts';
import type { RaftEffect } from '../../raft/raft-effect.ts';
import type { RaftEvent } from '../../raft/raft-input.ts';
import type { RaftReply, RaftRequest } from '../../raft/raft-message.ts';
import type { RaftSettings } from '../../raft/raft-settings.ts';
import type { RaftState } from '../../raft/raft-state.ts';
import { initialRaftState } from '../../raft/raft-state.ts';
import { isAlone, majorityHeardMs } from '../../raft/roles/leader.ts';
import { step } from '../../raft/step.ts';
import type { Voter } from '../../raft/voter-sets.ts';
import { encodeLeaderChange, encodeVoters } from './metadata-batches.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { QuorumStateFile } from './quorum-state-file.ts';
import type { RaftSender } from './raft-sender.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface RaftDriverOptions {
  readonly settings: RaftSettings;
  readonly fetchBytesMax: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metadataLog: MetadataLog;
  readonly stateFile: QuorumStateFile;
  readonly snapshots: SnapshotStore;
  readonly sender: RaftSender;
  /** A snapshot from the leader has replaced log and image. */
  readonly onInstalled: (id: SnapshotId) => void;
  /** Called after a state was reached and its effects were performed. */
  readonly onSettled: () => void;
  readonly onFatal: (error: Error) => void;
}

/** Requests of peers that may wait for an answer at a time; beyond it the oldest is dropped and its sender times out. */
const waitingRepliesMax = 1_000;
const noRecords = Buffer.alloc(0);

/** Runs raft's `step`: feeds it what happens, performs what it decides, in order, and keeps its clock. */
export class RaftDriver {
  readonly #options: RaftDriverOptions;
  readonly #queue: RaftEvent[] = [];
  readonly #replies = new Map<number, (answer: RaftAnswer) => void>();
  #state: RaftState | undefined;
  #nextReplyTo = 1;
  #isBusy = false;
  #isFlushing = false;
  #mustFlushAgain = false;
  #isStopped = false;
  /** Time of the step under way or last done. */
  #steppedMs = 0;
  /** When the newest fetch that a leader has answered was sent. */
  #fetchedMs = Number.NEGATIVE_INFINITY;
  #timer: { readonly dueMs: number; readonly cancel: Cancel } | undefined;

  constructor(options: RaftDriverOptions) {
    this.#options = options;
  }

  /** The state of raft; undefined until `start` has recovered the log. */
  get state(): RaftState | undefined {
    return this.#state;
  }

  /**
   * How long this member has heard nothing of the quorum, in ms: since it sent the newest fetch that was answered, or, as the leader,
   * since a majority fetched. What came in may have waited while this process was stopped; what was sent out cannot.
   */
  get silentMs(): number {
    const state = this.#state;
    if (!state) return Number.POSITIVE_INFINITY;
    const isLeader = state.role.kind === 'leader';
    if (isLeader && isAlone(state)) return 0;
    const heardMs = state.role.kind === 'leader' ? majorityHeardMs(state, state.role) : this.#fetchedMs;
    return this.#options.clock.monotonic() - heardMs;
  }

  /** Recovers the log and joins the quorum. */
  async start(): Promise<void> {
    const { settings, metadataLog, snapshots, stateFile, clock, random } = this.#options;
    const snapshot = snapshots.newest();
    const log = await metadataLog.recover(snapshot);
    if (this.#isStopped) return;
    const known = snapshot && snapshots.votersOf(snapshot);
    const before = known ? [{ offset: snapshot.offset - 1, voters: known }] : [];
    const voterSets = [...before, ...metadataLog.voterSets()];
    const nowMs = clock.monotonic();
    this.#state = initialRaftState({
      settings,
      election: stateFile.read(),
      log,
      voterSets,
      nowMs,
      chance: random.next(),
    });
    this.feed({ type: 'tick' });
  }

  /** Hands a peer's request to raft; resolves with its answer, or never if this member stops first. */
  ask(request: RaftRequest): Promise<RaftAnswer> {
    const replyTo = this.#nextReplyTo++;
    const oldest = this.#replies.size >= waitingRepliesMax ? this.#replies.keys().next().value : undefined;
    if (oldest !== undefined) this.#replies.delete(oldest);
    return new Promise((resolve) => {
      this.#replies.set(replyTo, resolve);
      this.feed({ type: 'request', replyTo, request });
    });
  }

  /** Appends a batch as the leader; returns the end offset behind it. Only while this member leads. */
  appendAsLeader(batch: Buffer): number {
    assert(this.#state?.role.kind === 'leader', `only a leader appends, this member is ${this.#state?.role.kind}`);
    try {
      const endOffset = this.#options.metadataLog.appendAsLeader(batch, this.#state.epoch);
      this.feed({ type: 'appended', endOffset });
      this.#flush();
      return endOffset;
    } catch (error) {
      // The controller has applied what could not be written: it must not go on.
      this.#fail(error);
      throw error;
    }
  }

  /** Lets these vote from now on, as the leader; returns the end offset behind the record that says so. */
  changeVoters(voters: readonly Voter[]): number {
    assert(
      this.#state?.role.kind === 'leader',
      `only a leader changes voters, this member is ${this.#state?.role.kind}`,
    );
    this.feed({ type: 'changeVoters', voters });
    return this.#options.metadataLog.endOffset;
  }

  feed(event: RaftEvent): void {
    if (this.#isStopped) return;
    this.#queue.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#isStopped; next = this.#queue.shift()) this.#step(next);
      this.#isBusy = false;
      this.#armTimer();
      if (!this.#isStopped) this.#options.onSettled();
    } catch (error) {
      this.#isBusy = false;
      this.#fail(error);
    }
  }

  /** Ends at once: nothing that is under way has an effect any more. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#replies.clear();
  }

  #step(event: RaftEvent): void {
    const before = this.#state;
    if (!before) return;
    const { clock, random, log } = this.#options;
    this.#steppedMs = clock.monotonic();
    const { state, effects } = step(before, { nowMs: this.#steppedMs, chance: random.next(), event });
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (state.role.kind !== before.role.kind || state.epoch !== before.epoch)
      log.info('quorum role', { role: state.role.kind, epoch: state.epoch, leader: state.leaderId });
  }

  #perform(effect: RaftEffect): void {
    const { metadataLog, snapshots, stateFile, onInstalled } = this.#options;
    switch (effect.type) {
      case 'persistElection':
        stateFile.write(effect.election);
        return;
      case 'send':
        void this.#send(effect);
        return;
      case 'reply':
        this.#reply(effect.replyTo, effect.reply);
        return;
      case 'appendLeaderChange':
        this.#appendLeaderChange(effect);
        return;
      case 'appendVoters':
        this.#appendVoters(effect);
        return;
      case 'append':
        metadataLog.appendAsFollower(effect.payload as Buffer);
        this.#flush();
        return;
      case 'truncate':
        metadataLog.truncateTo(effect.offset);
        return;
      case 'trim':
        metadataLog.trimTo(effect.startOffset);
        return;
      case 'writeSnapshot':
        snapshots.addToDraft(effect.id, effect.position, effect.payload as Buffer);
        return;
      case 'installSnapshot':
        snapshots.finishDraft(effect.id);
        metadataLog.startAt(effect.id.offset);
        onInstalled(effect.id);
        return;
      case 'committed':
        return;
    }
  }

  async #send(effect: Extract<RaftEffect, { type: 'send' }>): Promise<void> {
    const sentMs = this.#steppedMs;
    const event = await this.#options.sender.send(effect, this.#state ? patienceOf(this.#state) : 1);
    const isFetched = event.type === 'response' && event.reply.type === 'fetch' && event.reply.error === 'NONE';
    if (isFetched) this.#fetchedMs = Math.max(this.#fetchedMs, sentMs);
    this.feed(this.#withVoters(event));
  }

  /** The last piece of a snapshot comes with the voters that it says. */
  #withVoters(event: RaftEvent): RaftEvent {
    if (event.type !== 'response' || !event.chunk) return event;
    const { chunk } = event;
    if (chunk.position + chunk.lengthBytes < chunk.sizeBytes) return event;
    const voters = this.#options.snapshots.votersOfDraft(chunk.position, chunk.payload as Buffer);
    return { ...event, chunk: { ...chunk, voters } };
  }

  #appendLeaderChange(effect: Extract<RaftEffect, { type: 'appendLeaderChange' }>): void {
    const { metadataLog, clock, settings } = this.#options;
    const { epoch, offset, voters, granting } = effect;
    assert(metadataLog.endOffset === offset, `leader change at ${offset}, the log ends at ${metadataLog.endOffset}`);
    metadataLog.appendAsLeader(
      encodeLeaderChange({ leaderId: settings.nodeId, voters, granting }, Math.floor(clock.now())),
      epoch,
    );
    this.#flush();
  }

  #appendVoters({ epoch, offset, voters, isFirst }: Extract<RaftEffect, { type: 'appendVoters' }>): void {
    const { metadataLog, clock } = this.#options;
    assert(metadataLog.endOffset === offset, `voters at ${offset}, the log ends at ${metadataLog.endOffset}`);
    metadataLog.appendAsLeader(encodeVoters(voters, isFirst, Math.floor(clock.now())), epoch);
    this.#flush();
  }

  #reply(replyTo: number, reply: RaftReply): void {
    const resolve = this.#replies.get(replyTo);
    this.#replies.delete(replyTo);
    if (!resolve) return;
    const { metadataLog, snapshots, fetchBytesMax } = this.#options;
    if (reply.type === 'fetch' && reply.read) {
      const { from, before } = reply.read;
      resolve({ reply, records: metadataLog.read(from, before, fetchBytesMax), piece: undefined });
    } else if (reply.type === 'snapshot' && reply.error === 'NONE') {
      const piece = snapshots.read(reply.id, reply.position, fetchBytesMax);
      resolve({ reply: piece ? reply : { ...reply, error: 'SNAPSHOT_NOT_FOUND' }, records: noRecords, piece });
    } else {
      resolve({ reply, records: noRecords, piece: undefined });
    }
  }

  /** Syncs the log in the background; appends that come meanwhile share the next sync. */
  #flush(): void {
    if (this.#isFlushing) {
      this.#mustFlushAgain = true;
      return;
    }
    this.#isFlushing = true;
    const { metadataLog } = this.#options;
    const endOffset = metadataLog.endOffset;
    const truncations = this.#state?.log.truncations ?? 0;
    metadataLog.flush().then(
      () => {
        this.#isFlushing = false;
        this.feed({ type: 'persisted', endOffset, truncations });
        if (!this.#mustFlushAgain || this.#isStopped) return;
        this.#mustFlushAgain = false;
        this.#flush();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #armTimer(): void {
    if (this.#isStopped || !this.#state) return;
    const dueMs = nextDeadlineMs(this.#state);
    if (this.#timer?.dueMs === dueMs) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!Number.isFinite(dueMs)) return;
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, Math.ceil(dueMs - clock.monotonic())), () => {
      this.#timer = undefined;
      this.feed({ type: 'tick' });
    });
    this.#timer = { dueMs, cancel };
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.stop();
    this.#options.onFatal(error instanceof Error ? error : new Error(String(error)));
  }
}
