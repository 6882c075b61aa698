import { MillraceError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import { refused } from '../../base/result.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { InflationGate } from '../log/checks/inflation-gate.ts';
import type { LogRefusal } from '../log/log-refusal.ts';
import type { AppendInfo, PartitionLog, VerificationGuard } from '../log/partition-log.ts';
import type { ReadableLog } from '../log/readable-log.ts';
import { refuseBeforeAppend } from './append/append-check.ts';
import type { AppendOptions, AppendRefusal, LeaderHint } from './append/append-reply.ts';
import { refuse } from './append/append-reply.ts';
import { AppendTurns } from './append/append-turns.ts';
import type { DiskState } from './disk-state.ts';
import { noteCaughtUp, progressAfterFetch } from './in-sync/follower-progress.ts';
import { nextHighWatermark } from './in-sync/high-watermark.ts';
import type { IsrProposer } from './in-sync/isr-changes.ts';
import { planExpansion, planShrink } from './in-sync/isr-policy.ts';
import type { Isolation } from './isolation.ts';
import type { PartitionAssignment } from './partition-assignment.ts';
import { partitionKey } from './partition-assignment.ts';
import type { PartitionHost } from './partition-host.ts';
import type { LeaderRole, PartitionRole, RoleChange } from './partition-state.ts';
import { hasEnoughInSync, roleAfter } from './partition-state.ts';
import type { TopicTraffic } from './topic-traffic.ts';
import type { ProduceWaitOutcome } from './waits/produce-waits.ts';
import { ProduceWaits } from './waits/produce-waits.ts';

/**
 * One replica on this broker: its log, its role and its high watermark. Decisions are made in the pure files of this
 * folder; this class holds the state and tells the host what moved. See SPEC.md.
 */
export class Partition implements IsrProposer {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly key: string;
  readonly hostedSinceMs: number;
  /** Rises with all that a reader could hear of: role, in-sync set, where the log begins and ends, what is committed. */
  news = 0;
  /** Truncations below the high watermark: each is lost committed data and must never happen without unclean election. */
  truncationsBelowHighWatermark = 0;
  minInsyncReplicas: number;
  /** The order of appends, some of which wait for the background. */
  readonly appendTurns = new AppendTurns();
  /** Bounds the work on compressed batches over all partitions. */
  readonly inflations: InflationGate;
  readonly diskState: DiskState;
  /** What goes through its topic here. */
  readonly traffic: TopicTraffic;
  readonly #host: PartitionHost;
  readonly #logger: Log;
  readonly #storage: PartitionLog;
  readonly #waits: ProduceWaits;
  #role: PartitionRole | undefined;
  #highWatermark: number;
  #lastStableOffset: number;
  #isRetired = false;

  /** `highWatermark` from the checkpoint; cut to what the log holds. */
  constructor(host: PartitionHost, assignment: PartitionAssignment, storage: PartitionLog, highWatermark: number) {
    this.#host = host;
    this.topic = assignment.topic;
    this.topicId = assignment.topicId;
    this.partition = assignment.partition;
    this.key = partitionKey(assignment.topic, assignment.partition);
    this.hostedSinceMs = host.clock.monotonic();
    this.#storage = storage;
    this.minInsyncReplicas = assignment.config.minInsyncReplicas;
    this.#waits = new ProduceWaits(host.clock);
    this.inflations = host.inflations;
    this.diskState = host.diskState;
    this.traffic = host.trafficOf(assignment.topic);
    this.#logger = host.log.with({ partition: this.key });
    this.#highWatermark = Math.min(Math.max(highWatermark, storage.startOffset), storage.endOffset);
    this.#lastStableOffset = storage.lastStableOffset(this.#highWatermark);
  }

  get role(): PartitionRole | undefined {
    return this.#role;
  }

  #setRole(role: PartitionRole | undefined): void {
    this.news++;
    this.#role = role;
  }

  /** The role when this broker leads. */
  get leaderRole(): LeaderRole | undefined {
    return this.#role?.kind === 'leader' ? this.#role : undefined;
  }

  /** Offset below which every record is committed. Never goes back, except when a follower truncates. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** The records, to be read. */
  get log(): ReadableLog {
    return this.#storage;
  }

  /** Offset below which the outcome of every transaction is known: the high watermark where none is open. */
  get lastStableOffset(): number {
    return this.#lastStableOffset;
  }

  /** Offset below which a reader sees the records. */
  readBounds(isolation: Isolation): number {
    if (isolation === 'log-end') return this.#storage.endOffset;
    return isolation === 'read-committed' ? this.lastStableOffset : this.#highWatermark;
  }

  get leaderHint(): LeaderHint {
    const role = this.#role;
    if (!role) return { leaderId: -1, leaderEpoch: -1 };
    return { leaderId: role.kind === 'leader' ? this.#host.localId : role.leader, leaderEpoch: role.leaderEpoch };
  }

  get hasEnoughInSync(): boolean {
    const role = this.leaderRole;
    return role !== undefined && hasEnoughInSync(role, this.minInsyncReplicas);
  }

  /** Takes over what the metadata says. */
  assign(assignment: PartitionAssignment): RoleChange {
    const change = roleAfter(this.#role, assignment, {
      localId: this.#host.localId,
      endOffset: this.#storage.endOffset,
      nowMs: this.#host.clock.monotonic(),
    });
    if (change.kind === 'stale') return change;
    this.minInsyncReplicas = assignment.config.minInsyncReplicas;
    this.#storage.updateConfig(assignment.config);
    this.#setRole(change.role);
    if (change.kind === 'elected') this.#becomeLeader(change.role);
    else if (change.kind === 'leader-updated') this.advanceHighWatermark();
    else if (change.resigned) this.#resign();
    return change;
  }

  /** The epoch goes into the log's epoch journal before the first append: followers reconcile against it (KIP-101). */
  #becomeLeader(role: LeaderRole): void {
    this.#storage.assignEpoch(role.leaderEpoch, role.epochStartOffset);
    this.#host.moved({ what: 'role', partition: this });
    this.advanceHighWatermark();
  }

  /** Gives up what waits for this broker's leadership. */
  #resign(): void {
    this.endWaits();
    this.#host.moved({ what: this.#isRetired ? 'retired' : 'role', partition: this });
  }

  /** Ends the waits of appends: those below the high watermark are committed, of others nobody here will know. */
  endWaits(): void {
    this.#waits.resign(this.#highWatermark);
  }

  /** The partition is no longer hosted here: nothing may touch the log after this. */
  retire(): void {
    this.#setRole(undefined);
    this.#isRetired = true;
    this.#resign();
    this.#storage.close({ clean: false });
  }

  /** Makes durable what was appended, and closes the log in order; when that fails the next start looks through it as after a crash. */
  async close(): Promise<void> {
    try {
      await this.#storage.flush();
      this.#storage.close({ clean: true });
    } catch (error) {
      this.#storage.close({ clean: false });
      throw error;
    }
  }

  /** A follower of the current leader epoch fetched from `fetchOffset`: it holds everything below. */
  recordFollowerFetch(
    replicaId: number,
    fetch: { readonly fetchOffset: number; readonly startOffset: number; readonly brokerEpoch: number },
  ): void {
    const role = this.leaderRole;
    const before = role?.followers.get(replicaId);
    if (!role || !before) return;
    role.followers.set(
      replicaId,
      progressAfterFetch(before, {
        ...fetch,
        leaderEndOffset: this.#storage.endOffset,
        nowMs: this.#host.clock.monotonic(),
      }),
    );
    if (!role.isr.includes(replicaId)) this.#maybeExpandIsr(role, replicaId);
    this.advanceHighWatermark();
  }

  #maybeExpandIsr(role: LeaderRole, replicaId: number): void {
    const broker = this.#host.brokerState(replicaId);
    const isr = planExpansion(role, replicaId, { highWatermark: this.#highWatermark, broker });
    if (isr) this.#propose(role, isr);
  }

  /** Drops members that lag; called on a timer. */
  maybeShrinkIsr(): void {
    const role = this.leaderRole;
    if (!role) return;
    const leaderEndOffset = this.#storage.endOffset;
    const nowMs = this.#host.clock.monotonic();
    const isr = planShrink(role, { leaderEndOffset, nowMs, lagTimeMaxMs: this.#host.lagTimeMaxMs });
    if (isr) this.#propose(role, isr);
    else this.advanceHighWatermark();
  }

  #propose(role: LeaderRole, isr: readonly number[]): void {
    this.#logger.info('proposes an in-sync set', { from: role.isr, to: isr, leaderEpoch: role.leaderEpoch });
    this.#setRole({ ...role, pendingIsr: isr });
    this.#host.isrProposed(this);
  }

  /** The controller committed `isr` for this leader epoch (AlterPartition response). */
  commitIsr(isr: readonly number[], leaderEpoch: number, partitionEpoch: number): void {
    const role = this.leaderRole;
    if (!role || role.leaderEpoch !== leaderEpoch || partitionEpoch <= role.partitionEpoch) return;
    this.#setRole({ ...role, isr, partitionEpoch, pendingIsr: undefined });
    this.advanceHighWatermark();
  }

  /** The controller did not try the pending set: the committed one stands. */
  dropPendingIsr(): void {
    const role = this.leaderRole;
    if (role) this.#setRole({ ...role, pendingIsr: undefined });
  }

  /** Leader: recomputes the high watermark; settles acks=all waits and wakes consumers when it moved. */
  advanceHighWatermark(): void {
    const role = this.leaderRole;
    if (!role) return;
    const next = nextHighWatermark({
      role,
      current: this.#highWatermark,
      leaderEndOffset: this.#storage.endOffset,
      minInsyncReplicas: this.minInsyncReplicas,
      nowMs: this.#host.clock.monotonic(),
      lagTimeMaxMs: this.#host.lagTimeMaxMs,
      isEligible: (id) => this.#host.brokerState(id)?.isEligible === true,
    });
    if (next === this.#highWatermark) return;
    const isStable = this.#moveHighWatermark(next);
    this.#waits.commit(next);
    this.#host.moved({ what: 'committed', partition: this, isStable });
  }

  /** Follower: takes the leader's high watermark, as far as the own log reaches. */
  followHighWatermark(leaderHighWatermark: number): void {
    const next = Math.max(this.#highWatermark, Math.min(leaderHighWatermark, this.#storage.endOffset));
    if (next === this.#highWatermark) return;
    this.#moveHighWatermark(next);
    this.#host.moved({ what: 'followed', partition: this });
  }

  /** Whether the last stable offset moved, too: only then, for a marker counts when it is committed. */
  #moveHighWatermark(next: number): boolean {
    this.news++;
    const before = this.#lastStableOffset;
    this.#highWatermark = next;
    this.#lastStableOffset = this.#storage.lastStableOffset(next);
    return this.#lastStableOffset !== before;
  }

  /** Follower: cuts the log to `offset`, and the epoch journal with it even when the log is already shorter (KAFKA-10706). */
  truncateTo(offset: number): void {
    if (offset < this.#highWatermark) {
      this.truncationsBelowHighWatermark++;
      this.#logger.error('truncates below its high watermark', { to: offset, highWatermark: this.#highWatermark });
    }
    this.#logger.info('truncates to its leader', { to: offset, from: this.#storage.endOffset });
    this.#storage.truncateTo(offset);
    this.#moveHighWatermark(Math.min(this.#highWatermark, this.#storage.endOffset));
  }

  /** Follower: drops everything and starts at the leader's log start: what it would need next was deleted there. */
  restartAt(offset: number): void {
    this.#logger.warn('starts anew at its leader’s log start', { at: offset, from: this.#storage.endOffset });
    this.#storage.truncateFullyAndStartAt(offset);
    this.#moveHighWatermark(offset);
  }

  /** Deletes by age and size; consumers never see records vanish above the high watermark. */
  enforceRetention(): number {
    const count = this.#storage.enforceRetention(this.#host.clock.now(), this.#highWatermark);
    if (count > 0) this.#moveHighWatermark(this.#highWatermark);
    return count;
  }

  /**
   * Appends as leader: checks who leads and what the disk can take, writes, and tells who has to know that the log grew. The
   * bytes are not copied: offsets and leader epoch are patched in place and the same buffer goes to the log.
   */
  append(records: Buffer, options: AppendOptions): Result<AppendInfo, AppendRefusal> {
    const role = this.leaderRole;
    if (!role) return refuse(errorCode.NOT_LEADER_OR_FOLLOWER, `${this.key} is not led by this broker`);
    const refusal = refuseBeforeAppend(this, role, options.acks);
    if (refusal) return refused(refusal);
    const { origin, inflated, verification, transactionVersion } = options;
    let appended: Result<AppendInfo, LogRefusal>;
    try {
      const append = { leaderEpoch: role.leaderEpoch, origin, inflated, verification, transactionVersion };
      appended = this.#storage.appendAsLeader(records, append);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      this.diskState.failed(error);
      return refuse(errorCode.KAFKA_STORAGE_ERROR, `${this.key} cannot be written: ${error.code}`);
    }
    if (appended.ok && !appended.value.duplicate) this.#grew(appended.value);
    return appended;
  }

  #grew({ sizeBytes, firstOffset, lastOffset }: AppendInfo): void {
    this.news++;
    this.traffic.produced(lastOffset - firstOffset + 1, sizeBytes);
    if (this.leaderRole) noteCaughtUp(this.leaderRole.followers, firstOffset, this.#host.clock.monotonic());
    this.#host.moved({ what: 'end', partition: this, bytes: sizeBytes });
    this.advanceHighWatermark();
  }

  /** Before the transaction coordinator is asked about a producer: see `PartitionLog.startVerification`. */
  startVerification(producerId: number, epoch: number, sequence: number): VerificationGuard | undefined {
    return this.#storage.startVerification(producerId, epoch, sequence);
  }

  /** Follower: appends its leader's batches as they are. */
  appendAsFollower(records: Buffer): Result<AppendInfo, LogRefusal> {
    this.news++;
    return this.#storage.appendAsFollower(records);
  }

  /** Moves the log's start up to `offset`, but never above the high watermark. */
  deleteRecordsBefore(offset: number): void {
    this.#storage.deleteRecordsBefore(Math.min(offset, this.#highWatermark));
    this.#moveHighWatermark(this.#highWatermark);
  }

  /** Appends with acks=all that wait for their replicas. */
  get waits(): Pick<ProduceWaits, 'length' | 'isFull'> {
    return this.#waits;
  }

  /** Calls `settle` once, when the high watermark, which is below `offset` now, has reached it, or when that is given up. */
  whenCommitted(offset: number, timeoutMs: number, settle: (outcome: ProduceWaitOutcome) => void): void {
    this.#waits.add(offset, timeoutMs, settle);
  }
}
