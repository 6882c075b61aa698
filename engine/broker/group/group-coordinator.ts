import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { Deadlines } from '../coordinator/deadlines.ts';
import type { InternalLog } from '../coordinator/internal-log.ts';
import type { LoadCounts } from '../coordinator/load-counts.ts';
import { CoordinatorRuntime } from '../coordinator/runtime.ts';
import type { Shard, ShardPhase } from '../coordinator/shard.ts';
import { nextDeadlineMs, planExpiry } from './classic/expire.ts';
import { heartbeat } from './classic/heartbeat.ts';
import type { JoinCommand } from './classic/join.ts';
import { planJoin } from './classic/join.ts';
import { planLeave } from './classic/leave.ts';
import type { MemberClaim } from './classic/member-check.ts';
import type { ClassicPlan, ClassicView, MembershipWrite, PlanContext } from './classic/plan.ts';
import { refusedJoin, refusedSync } from './classic/rebalance.ts';
import type { JoinAnswer, SyncAnswer } from './classic/round.ts';
import { emptyRound } from './classic/round.ts';
import type { SyncCommand } from './classic/sync.ts';
import { planSync } from './classic/sync.ts';
import type { GroupLimits } from './group-limits.ts';
import type { GroupShard } from './group-machine.ts';
import { groupMachine } from './group-machine.ts';
import type { GroupRecord } from './group-records.ts';
import type { GroupListing, GroupView } from './group-view.ts';
import { groupViewOf, listingOf } from './group-view.ts';
import type { Committer, OffsetToCommit } from './offsets/commit.ts';
import { checkCommitter, planCommit } from './offsets/commit.ts';
import { planForget } from './offsets/forget.ts';
import type { OffsetsByTopic } from './stored-group.ts';

/** Longest wait for a commit to reach all in-sync replicas before the client is told to try again (Kafka's offsets.commit.timeout.ms). */
const commitWaitMsMax = 5_000;

export interface GroupCoordinatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: GroupLimits;
  readonly offsetsLog: InternalLog;
  /** Whether the committed metadata has a topic of that name. */
  readonly topicExists: (topic: string) => boolean;
  /** Whether this broker has heard of the quorum of late: one that was cut off or stopped may not lead any more what it thinks it leads. */
  readonly isInTouch: () => boolean;
}

/** One group on its way through a command. */
interface Place {
  readonly shard: Shard<GroupShard>;
  readonly groupId: string;
}

/**
 * Consumer groups of the partitions of `__consumer_offsets` that this broker leads. Plans decide by what is stored of a group and
 * by its round; this class carries them out: takes over the next round, writes, answers, keeps deadlines. See SPEC.md.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #runtime: CoordinatorRuntime<GroupShard, GroupRecord>;
  /** By shard, as two partitions may not share a timer that outlives one of them. */
  readonly #deadlines = new Map<Shard<GroupShard>, Deadlines<string>>();

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
    const { clock, log, offsetsLog } = options;
    this.#runtime = new CoordinatorRuntime({
      clock,
      log,
      internalLog: offsetsLog,
      machine: groupMachine,
      onActive: (shard) => this.#opened(shard),
      onResigned: (shard) => this.#resigned(shard),
    });
  }

  /** This broker leads the partition now: its groups are read back before any request for them is served. */
  elected(partition: number, leaderEpoch: number): Promise<void> {
    return this.#runtime.elected(partition, leaderEpoch);
  }

  /** Another broker leads the partition: whoever waits here is sent to it. */
  resigned(partition: number): void {
    this.#runtime.resigned(partition);
  }

  /** Ends everything that waits or is tried again later: the broker stops. */
  stop(): void {
    this.#runtime.stop();
  }

  /** What loads came across, and partitions by phase: for metrics. */
  get loadCounts(): Readonly<LoadCounts> {
    return this.#runtime.counts;
  }

  partitionsIn(phase: ShardPhase): number {
    return this.#runtime.countIn(phase);
  }

  /** Forgets the offsets of topics that were deleted, as Kafka does: a new topic of that name is read from its start. */
  async topicsDeleted(topics: ReadonlySet<string>): Promise<void> {
    const shards = [...this.#runtime.active()];
    await Promise.all(shards.map((shard) => this.#forgetTopics(shard, (topic) => topics.has(topic))));
  }

  /** JoinGroup. Resolves when the rebalance is over. `newMemberId` and limits are filled in here. */
  join(groupId: string, command: Omit<JoinCommand, 'newMemberId'>): Promise<JoinAnswer> | JoinAnswer {
    const place = this.#placeOfMembers(groupId);
    if (typeof place === 'number') return refusedJoin(place, command.memberId);
    if (command.memberId !== '' && !exists(place)) return refusedJoin(errorCode.UNKNOWN_MEMBER_ID, command.memberId);
    const newMemberId = `${command.groupInstanceId ?? command.clientId}-${this.#newId()}`;
    return new Promise((answer) => {
      this.#perform(place, (view, context) => planJoin(view, context, { ...command, newMemberId }, answer));
    });
  }

  /** SyncGroup. Resolves when the leader's assignments are written. */
  sync(groupId: string, command: SyncCommand): Promise<SyncAnswer> | SyncAnswer {
    const place = this.#existing(groupId);
    if (typeof place === 'number')
      return refusedSync(place === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.REBALANCE_IN_PROGRESS : place);
    return new Promise((answer) => {
      this.#perform(place, (view, context) => planSync(view, context, command, answer));
    });
  }

  heartbeat(groupId: string, claim: MemberClaim, generationId: number): ErrorCode {
    const place = this.#existing(groupId);
    if (typeof place === 'number') return place === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.NONE : place;
    const { soft } = place.shard.state;
    const { errorCode: code, heard } = heartbeat(soft.roundOf(groupId) ?? emptyRound, claim, generationId);
    if (heard) soft.heard(groupId, heard, this.#options.clock.monotonic());
    return code;
  }

  /** LeaveGroup: the group's error code, then one for each member. */
  leave(
    groupId: string,
    claims: readonly MemberClaim[],
  ): { readonly errorCode: ErrorCode; readonly members: readonly ErrorCode[] } {
    const place = this.#placeOfMembers(groupId);
    if (typeof place === 'number') return { errorCode: place, members: [] };
    if (!exists(place)) return { errorCode: errorCode.NONE, members: claims.map(() => errorCode.UNKNOWN_MEMBER_ID) };
    let members: readonly ErrorCode[] = [];
    this.#perform(place, (view, context) => {
      const { plan, codes } = planLeave(view, context, claims);
      members = codes;
      return plan;
    });
    return { errorCode: errorCode.NONE, members };
  }

  /** Commits offsets: an error code for each, in order, once they are on all in-sync replicas. */
  async commit(
    groupId: string,
    committer: Committer,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    const place = this.#placeOf(groupId);
    if (typeof place === 'number') return offsets.map(() => place);
    const { soft } = place.shard.state;
    if (committer.generationId >= 0 && !exists(place)) return offsets.map(() => committer.missingGroup);
    const { errorCode: refusal, heard } = checkCommitter(soft.roundOf(groupId) ?? emptyRound, committer);
    const { clock, limits } = this.#options;
    if (heard) soft.heard(groupId, heard, clock.monotonic());
    if (refusal !== errorCode.NONE) return offsets.map(() => refusal);
    const { codes, records } = planCommit(groupId, offsets, { limits, nowMs: clock.now() });
    if (records.length === 0) return codes;
    const written = await this.#within(this.#runtime.write(place.shard, records));
    return written === errorCode.NONE ? codes : codes.map((code) => code || written);
  }

  /**
   * The group's committed offsets, or why they cannot be had. A group that nobody knows has none. A broker that has lost touch with
   * the quorum does not know whether others have committed elsewhere since.
   */
  committedOffsets(groupId: string): { readonly errorCode: ErrorCode; readonly offsets: OffsetsByTopic } {
    const place = this.#placeOf(groupId);
    if (typeof place === 'number') return { errorCode: place, offsets: new Map() };
    if (!this.#options.isInTouch()) return { errorCode: errorCode.NOT_COORDINATOR, offsets: new Map() };
    return { errorCode: errorCode.NONE, offsets: place.shard.state.stored.get(groupId)?.offsets ?? new Map() };
  }

  /** A group to describe, undefined when there is none, or why it cannot be had. */
  describe(groupId: string): GroupView | ErrorCode | undefined {
    const place = this.#placeOf(groupId);
    if (typeof place === 'number') return place;
    const { stored, soft } = place.shard.state;
    return exists(place) ? groupViewOf(groupId, stored.get(groupId), soft.roundOf(groupId)) : undefined;
  }

  /** Every group of this broker; an error while some are still being read. */
  list(): { readonly errorCode: ErrorCode; readonly groups: readonly GroupListing[] } {
    const isLoading = this.#runtime.countIn('loading') > 0;
    const groups: GroupListing[] = [];
    for (const { state } of this.#runtime.active()) {
      const ids = new Set([...state.stored.keys(), ...state.soft.ids()]);
      for (const groupId of ids) groups.push(listingOf(groupId, state.soft.roundOf(groupId)));
    }
    return { errorCode: isLoading ? errorCode.COORDINATOR_LOAD_IN_PROGRESS : errorCode.NONE, groups };
  }

  /** Deletes a group without members, with its offsets. */
  async delete(groupId: string): Promise<ErrorCode> {
    const place = this.#placeOf(groupId);
    if (typeof place === 'number') return place;
    if (!exists(place)) return errorCode.GROUP_ID_NOT_FOUND;
    const { shard } = place;
    const { stored, soft } = shard.state;
    const { members, pendingMembers } = soft.roundOf(groupId) ?? emptyRound;
    if (members.size || pendingMembers.size) return errorCode.NON_EMPTY_GROUP;
    const reopen = soft.close(groupId);
    // Commits that are on their way leave offsets that the tombstones have to name.
    await shard.writes.whenSettled();
    const group = stored.get(groupId);
    const offsets = group ? planForget(group, () => true) : [];
    const writtenAtMs = this.#options.clock.now();
    const code = await this.#runtime.write(shard, [
      ...offsets,
      { kind: 'membership', groupId, membership: null, writtenAtMs },
    ]);
    if (code === errorCode.NONE) soft.remove(groupId);
    else reopen();
    return code;
  }

  async #opened(shard: Shard<GroupShard>): Promise<void> {
    const { stored, soft } = shard.state;
    const { clock, topicExists } = this.#options;
    soft.restore(stored, clock.monotonic());
    const expire = (groupId: string): void => {
      if (soft.roundOf(groupId)) this.#perform({ shard, groupId }, planExpiry);
    };
    this.#deadlines.set(shard, new Deadlines(clock, expire));
    for (const groupId of soft.ids()) this.#arm({ shard, groupId });
    // Topics that were deleted while nobody coordinated these groups.
    await this.#forgetTopics(shard, (topic) => !topicExists(topic));
  }

  #resigned(shard: Shard<GroupShard>): void {
    this.#deadlines.get(shard)?.clearAll();
    this.#deadlines.delete(shard);
    const { soft } = shard.state;
    for (const groupId of [...soft.ids()]) {
      for (const { memberId, awaitingJoin, awaitingSync } of soft.roundOf(groupId)?.members.values() ?? []) {
        awaitingJoin?.(refusedJoin(errorCode.NOT_COORDINATOR, memberId));
        awaitingSync?.(refusedSync(errorCode.NOT_COORDINATOR));
      }
      soft.remove(groupId);
    }
  }

  async #forgetTopics(shard: Shard<GroupShard>, isGone: (topic: string) => boolean): Promise<void> {
    await shard.writes.whenSettled();
    const records = [...shard.state.stored.values()].flatMap((group) => planForget(group, isGone));
    if (records.length === 0) return;
    const code = await this.#runtime.write(shard, records);
    const { partition } = shard;
    if (code !== errorCode.NONE)
      this.#options.log.warn('could not forget offsets of deleted topics', { partition, code });
  }

  /** The client is answered in time even when the write takes longer; the write counts all the same once it is committed. */
  #within(write: Promise<ErrorCode>): Promise<ErrorCode> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(commitWaitMsMax, () => resolve(errorCode.REQUEST_TIMED_OUT));
      write.then(resolve, reject).finally(cancel);
    });
  }

  /** Plans on a group and carries the plan out: its next round first, then the write, then the answers. */
  #perform(place: Place, decide: (view: ClassicView, context: PlanContext) => ClassicPlan | undefined): void {
    const { shard, groupId } = place;
    if (shard.phase !== 'active') return;
    const { stored, soft } = shard.state;
    const nowMs = this.#options.clock.monotonic();
    const plan = decide(soft.viewOf(groupId, stored), { limits: this.#options.limits, nowMs });
    if (!plan) return;
    soft.take(groupId, plan, nowMs);
    if (plan.write) void this.#writeMembership(place, plan.write);
    for (const answer of plan.answers) answer();
    this.#arm(place);
  }

  async #writeMembership(place: Place, { membership, settled }: MembershipWrite): Promise<void> {
    const { groupId, shard } = place;
    const writtenAtMs = this.#options.clock.now();
    const code = await this.#runtime.write(shard, [{ kind: 'membership', groupId, membership, writtenAtMs }]);
    if (settled) this.#perform(place, (view, context) => settled(view, context, code));
  }

  #arm({ shard, groupId }: Place): void {
    const { soft, stored } = shard.state;
    const { round, sessions } = soft.viewOf(groupId, stored);
    this.#deadlines.get(shard)?.set(groupId, nextDeadlineMs(round, sessions));
  }

  #placeOf(groupId: string): Place | ErrorCode {
    const shard = this.#runtime.shardOf(groupId);
    if (typeof shard !== 'number') return { shard, groupId };
    // Cut off while it loads, a broker would hold its members with a promise that another one keeps: they have to look around.
    const isLost = shard === errorCode.COORDINATOR_LOAD_IN_PROGRESS && !this.#options.isInTouch();
    return isLost ? errorCode.NOT_COORDINATOR : shard;
  }

  /** A group with members has a name; without one it is a place for offsets alone, as old consumers use it. */
  #placeOfMembers(groupId: string): Place | ErrorCode {
    return groupId === '' ? errorCode.INVALID_GROUP_ID : this.#placeOf(groupId);
  }

  #existing(groupId: string): Place | ErrorCode {
    const place = this.#placeOfMembers(groupId);
    return typeof place === 'number' || exists(place) ? place : errorCode.UNKNOWN_MEMBER_ID;
  }

  #newId(): string {
    const hex = Buffer.from(this.#options.random.bytes(16)).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

function exists({ shard: { state }, groupId }: Place): boolean {
  return state.stored.has(groupId) || state.soft.roundOf(groupId) !== undefined;
}
