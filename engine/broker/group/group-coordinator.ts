import type { Cancel, Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Int64 } from '../../protocol/int64.ts';
import type { Committer } from './commit-offsets.ts';
import { checkCommitMetadata, checkCommitter } from './commit-offsets.ts';
import { Effects } from './effects.ts';
import { expire, nextDeadlineMs } from './expire.ts';
import type { Group, GroupLimits, JoinAnswer, SyncAnswer } from './group.ts';
import { emptyGroup } from './group.ts';
import type { OffsetPlace } from './group-records.ts';
import { membershipRecord, offsetRecord, readGroupRecord } from './group-records.ts';
import type { GroupShard } from './group-shard.ts';
import { applyRecord, groupIn } from './group-shard.ts';
import { heartbeat } from './heartbeat.ts';
import type { JoinCommand } from './join.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import type { MemberClaim } from './member-check.ts';
import type { OffsetsLog } from './offsets-log.ts';
import { partitionForGroup } from './offsets-log.ts';
import { refusedJoin, refusedSync } from './rebalance.ts';
import type { SyncCommand } from './sync.ts';
import { completeSync, sync } from './sync.ts';

/** An offset to commit. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: Int64;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** Longest wait for a commit to reach all in-sync replicas before the client is told to try again (Kafka's offsets.commit.timeout.ms). */
const commitWaitMsMax = 5_000;

interface Shard {
  readonly groups: GroupShard;
  loaded: boolean;
}

export interface GroupCoordinatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits: GroupLimits;
  readonly offsetsLog: OffsetsLog;
  /** Whether the committed metadata has a topic of that name. */
  readonly topicExists: (topic: string) => boolean;
}

/**
 * Consumer groups of the partitions of `__consumer_offsets` that this broker leads. Commands decide on a group's state and
 * return effects; this class performs them: writes, answers, deadlines.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #shards = new Map<number, Shard>();
  readonly #timers = new Map<Group, { dueMs: number; cancel: Cancel }>();

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options;
  }

  /** This broker leads the partition now: its groups are read back before any request for them is served. */
  async elected(partition: number): Promise<void> {
    const shard: Shard = { groups: new Map(), loaded: false };
    this.#shards.set(partition, shard);
    const nowMs = this.#options.clock.monotonic();
    try {
      await this.#options.offsetsLog.load(partition, ({ key, value, offset }) => {
        applyRecord(shard.groups, readGroupRecord(key, value), offset, nowMs);
      });
    } catch (error) {
      if (this.#shards.get(partition) === shard)
        this.#options.log.error('could not load groups', { partition, error: String(error) });
      return;
    }
    if (this.#shards.get(partition) !== shard) return;
    shard.loaded = true;
    for (const group of shard.groups.values()) this.#arm(group);
    // Topics that were deleted while nobody coordinated these groups.
    await this.#forgetTopics(partition, shard, (topic) => !this.#options.topicExists(topic));
  }

  /** Forgets the offsets of topics that were deleted, as Kafka does: a new topic of that name is read from its start. */
  async topicsDeleted(topics: ReadonlySet<string>): Promise<void> {
    const loaded = [...this.#shards].filter(([, shard]) => shard.loaded);
    await Promise.all(
      loaded.map(([partition, shard]) => this.#forgetTopics(partition, shard, (topic) => topics.has(topic))),
    );
  }

  async #forgetTopics(partition: number, shard: Shard, isGone: (topic: string) => boolean): Promise<void> {
    const places = placesIn(shard.groups).filter(({ topic }) => isGone(topic));
    if (places.length === 0) return;
    const records = places.map((place) => offsetRecord(place, null));
    const { errorCode: code, baseOffset } = await this.#options.offsetsLog.append(partition, records);
    if (code !== errorCode.NONE) {
      this.#options.log.warn('could not forget offsets of deleted topics', { partition, code });
      return;
    }
    places.forEach((place, index) => {
      applyRecord(shard.groups, { kind: 'offset', place, committed: null }, baseOffset + index, 0);
    });
  }

  /** Another broker leads the partition: whoever waits here is sent to it. */
  resigned(partition: number): void {
    const shard = this.#shards.get(partition);
    this.#shards.delete(partition);
    for (const group of shard?.groups.values() ?? []) {
      this.#disarm(group);
      group.phase = 'Dead';
      for (const member of group.members.values()) {
        member.awaitingJoin?.(refusedJoin(errorCode.NOT_COORDINATOR, member.memberId));
        member.awaitingSync?.(refusedSync(errorCode.NOT_COORDINATOR));
        member.awaitingJoin = undefined;
        member.awaitingSync = undefined;
      }
    }
  }

  /** JoinGroup. Resolves when the rebalance is over. `newMemberId` and limits are filled in here. */
  join(groupId: string, command: Omit<JoinCommand, 'newMemberId'>): Promise<JoinAnswer> | JoinAnswer {
    const found = this.#shardOfMembers(groupId);
    if (typeof found === 'number') return refusedJoin(found, command.memberId);
    if (command.memberId !== '' && !found.groups.has(groupId))
      return refusedJoin(errorCode.UNKNOWN_MEMBER_ID, command.memberId);
    const group = groupIn(found.groups, groupId);
    const newMemberId = `${command.groupInstanceId ?? command.clientId}-${this.#newId()}`;
    return new Promise((answer) => {
      this.#perform(group, (effects, nowMs) =>
        join({ group, command: { ...command, newMemberId }, limits: this.#options.limits, nowMs, answer, effects }),
      );
    });
  }

  /** SyncGroup. Resolves when the leader's assignments are written. */
  sync(groupId: string, command: SyncCommand): Promise<SyncAnswer> | SyncAnswer {
    const group = this.#existing(groupId, errorCode.UNKNOWN_MEMBER_ID);
    if (typeof group === 'number')
      return refusedSync(group === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.REBALANCE_IN_PROGRESS : group);
    return new Promise((answer) => {
      this.#perform(group, (effects, nowMs) => sync(group, command, nowMs, answer, effects));
    });
  }

  heartbeat(groupId: string, claim: MemberClaim, generationId: number): ErrorCode {
    const group = this.#existing(groupId, errorCode.UNKNOWN_MEMBER_ID);
    if (typeof group === 'number') return group === errorCode.COORDINATOR_LOAD_IN_PROGRESS ? errorCode.NONE : group;
    return heartbeat(group, claim, generationId, this.#options.clock.monotonic());
  }

  /** LeaveGroup: the group's error code, then one for each member. */
  leave(
    groupId: string,
    claims: readonly MemberClaim[],
  ): { readonly errorCode: ErrorCode; readonly members: readonly ErrorCode[] } {
    const found = this.#shardOfMembers(groupId);
    if (typeof found === 'number') return { errorCode: found, members: [] };
    const group = found.groups.get(groupId);
    if (!group) return { errorCode: errorCode.NONE, members: claims.map(() => errorCode.UNKNOWN_MEMBER_ID) };
    const members: ErrorCode[] = [];
    this.#perform(group, (effects, nowMs) => {
      for (const claim of claims) members.push(leave(group, claim, this.#options.limits, nowMs, effects));
    });
    return { errorCode: errorCode.NONE, members };
  }

  /** Commits offsets: an error code for each, in order, once they are on all in-sync replicas. */
  async commit(
    groupId: string,
    committer: Committer,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    const refuse = (code: ErrorCode): readonly ErrorCode[] => offsets.map(() => code);
    const shard = this.#shardOf(groupId);
    if (typeof shard === 'number') return refuse(shard);
    const known = shard.groups.get(groupId);
    if (!known && committer.generationId >= 0) return refuse(committer.missingGroup);
    const nowMs = this.#options.clock.monotonic();
    const refusal = checkCommitter(known ?? emptyGroup(groupId), committer, nowMs);
    if (refusal !== errorCode.NONE) return refuse(refusal);
    const codes = offsets.map(({ metadata }) => checkCommitMetadata(metadata, this.#options.limits));
    const accepted = offsets.filter((_, index) => codes[index] === errorCode.NONE);
    if (accepted.length === 0) return codes;
    const written = await this.#within(this.#writeOffsets(shard, groupId, accepted));
    return codes.map((code) => (code === errorCode.NONE ? written : code));
  }

  /** The group's committed offsets, or why they cannot be had. A group that nobody knows has none. */
  committedOffsets(groupId: string): { readonly errorCode: ErrorCode; readonly offsets: Group['offsets'] } {
    const shard = this.#shardOf(groupId);
    if (typeof shard === 'number') return { errorCode: shard, offsets: new Map() };
    return { errorCode: errorCode.NONE, offsets: shard.groups.get(groupId)?.offsets ?? new Map() };
  }

  /** A group to describe, undefined when there is none, or why it cannot be had. */
  describe(groupId: string): Group | ErrorCode | undefined {
    const shard = this.#shardOf(groupId);
    return typeof shard === 'number' ? shard : shard.groups.get(groupId);
  }

  /** Every group of this broker; an error while some are still being read. */
  list(): { readonly errorCode: ErrorCode; readonly groups: readonly Group[] } {
    const shards = [...this.#shards.values()];
    const groups = shards.filter((shard) => shard.loaded).flatMap((shard) => [...shard.groups.values()]);
    return {
      errorCode: shards.every((shard) => shard.loaded) ? errorCode.NONE : errorCode.COORDINATOR_LOAD_IN_PROGRESS,
      groups,
    };
  }

  /** Deletes a group without members, with its offsets. */
  async delete(groupId: string): Promise<ErrorCode> {
    const shard = this.#shardOf(groupId);
    if (typeof shard === 'number') return shard;
    const group = shard.groups.get(groupId);
    if (!group) return errorCode.GROUP_ID_NOT_FOUND;
    if (group.members.size || group.pendingMembers.size) return errorCode.NON_EMPTY_GROUP;
    const tombstones = placesIn(new Map([[groupId, group]])).map((place) => offsetRecord(place, null));
    const phase = group.phase;
    group.phase = 'Dead';
    const records = [...tombstones, membershipRecord(group, this.#options.clock.now())];
    const { errorCode: code } = await this.#options.offsetsLog.append(this.#partition(groupId), records);
    if (code !== errorCode.NONE) {
      group.phase = phase;
      return asCoordinatorError(code);
    }
    if (shard.groups.get(groupId) === group) shard.groups.delete(groupId);
    this.#disarm(group);
    return errorCode.NONE;
  }

  async #writeOffsets(shard: Shard, groupId: string, offsets: readonly OffsetToCommit[]): Promise<ErrorCode> {
    const commitTimestampMs = this.#options.clock.now();
    const entries = offsets.map(({ topic, partition, offset, leaderEpoch, metadata }) => ({
      place: { groupId, topic, partition },
      committed: { offset, leaderEpoch, metadata: metadata ?? '', commitTimestampMs },
    }));
    const records = entries.map(({ place, committed }) => offsetRecord(place, committed));
    const { errorCode: code, baseOffset } = await this.#options.offsetsLog.append(this.#partition(groupId), records);
    if (code !== errorCode.NONE) return asCoordinatorError(code);
    entries.forEach((entry, index) => {
      applyRecord(shard.groups, { kind: 'offset', ...entry }, baseOffset + index, this.#options.clock.monotonic());
    });
    return errorCode.NONE;
  }

  /** The client is answered in time even when the write takes longer; the write counts all the same once it is committed. */
  #within(write: Promise<ErrorCode>): Promise<ErrorCode> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(commitWaitMsMax, () => resolve(errorCode.REQUEST_TIMED_OUT));
      write.then(resolve, reject).finally(cancel);
    });
  }

  #perform(group: Group, command: (effects: Effects, nowMs: number) => void): void {
    const effects = new Effects();
    command(effects, this.#options.clock.monotonic());
    this.#finish(group, effects);
  }

  #finish(group: Group, effects: Effects): void {
    const write = effects.write;
    if (write) void this.#writeMembership(write.group, write.generationId);
    for (const answer of effects.answers) answer();
    this.#arm(group);
  }

  async #writeMembership(group: Group, generationId: number): Promise<void> {
    const partition = this.#partition(group.groupId);
    const { errorCode: code } = await this.#options.offsetsLog.append(partition, [
      membershipRecord(group, this.#options.clock.now()),
    ]);
    const outcome = { generationId, code: code === errorCode.NONE ? code : asCoordinatorError(code) };
    this.#perform(group, (effects, nowMs) => completeSync(group, outcome, this.#options.limits, nowMs, effects));
  }

  #arm(group: Group): void {
    const dueMs = group.phase === 'Dead' ? Number.POSITIVE_INFINITY : nextDeadlineMs(group);
    const armed = this.#timers.get(group);
    if (armed && armed.dueMs <= dueMs) return;
    this.#disarm(group);
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const cancel = this.#options.clock.after(Math.max(0, dueMs - this.#options.clock.monotonic()), () => {
      this.#timers.delete(group);
      this.#perform(group, (effects, nowMs) => expire(group, this.#options.limits, nowMs, effects));
    });
    this.#timers.set(group, { dueMs, cancel });
  }

  #disarm(group: Group): void {
    this.#timers.get(group)?.cancel();
    this.#timers.delete(group);
  }

  #partition(groupId: string): number {
    return partitionForGroup(groupId, this.#options.offsetsLog.partitionCount() ?? 1);
  }

  #shardOf(groupId: string): Shard | ErrorCode {
    const count = this.#options.offsetsLog.partitionCount();
    const shard = count === undefined ? undefined : this.#shards.get(partitionForGroup(groupId, count));
    if (!shard) return errorCode.NOT_COORDINATOR;
    return shard.loaded ? shard : errorCode.COORDINATOR_LOAD_IN_PROGRESS;
  }

  /** A group with members has a name; without one it is a place for offsets alone, as old consumers use it. */
  #shardOfMembers(groupId: string): Shard | ErrorCode {
    return groupId === '' ? errorCode.INVALID_GROUP_ID : this.#shardOf(groupId);
  }

  #existing(groupId: string, missing: ErrorCode): Group | ErrorCode {
    const shard = this.#shardOfMembers(groupId);
    if (typeof shard === 'number') return shard;
    return shard.groups.get(groupId) ?? missing;
  }

  #newId(): string {
    const hex = Buffer.from(this.#options.random.bytes(16)).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

/** Every partition that a group of the shard has an offset for. */
function placesIn(groups: GroupShard): OffsetPlace[] {
  return [...groups].flatMap(([groupId, { offsets }]) =>
    [...offsets].flatMap(([topic, partitions]) =>
      [...partitions.keys()].map((partition) => ({ groupId, topic, partition })),
    ),
  );
}

/** How a failed write to `__consumer_offsets` looks to a member: go elsewhere, or try again. */
function asCoordinatorError(code: ErrorCode): ErrorCode {
  switch (code) {
    case errorCode.NOT_LEADER_OR_FOLLOWER:
    case errorCode.KAFKA_STORAGE_ERROR:
    case errorCode.FENCED_LEADER_EPOCH:
      return errorCode.NOT_COORDINATOR;
    case errorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCode.NOT_ENOUGH_REPLICAS:
    case errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case errorCode.REQUEST_TIMED_OUT:
      return errorCode.COORDINATOR_NOT_AVAILABLE;
    case errorCode.MESSAGE_TOO_LARGE:
    case errorCode.RECORD_LIST_TOO_LARGE:
      return errorCode.INVALID_COMMIT_OFFSET_SIZE;
    default:
      return code;
  }
}
