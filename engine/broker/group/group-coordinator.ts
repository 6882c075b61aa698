import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { EndToWrite, WritingTransaction } from '../coordinator/internal-log.ts';
import type { LoadCounts } from '../coordinator/load-counts.ts';
import { CoordinatorRuntime } from '../coordinator/runtime.ts';
import type { Shard, ShardPhase } from '../coordinator/shard.ts';
import type { LeaveAnswer } from './classic/classic-groups.ts';
import { ClassicGroups } from './classic/classic-groups.ts';
import type { JoinCommand } from './classic/join.ts';
import type { MemberClaim } from './classic/member-check.ts';
import type { JoinAnswer, SyncAnswer } from './classic/round.ts';
import { emptyRound } from './classic/round.ts';
import type { SyncCommand } from './classic/sync.ts';
import { stateOf } from './consumer/consumer-group.ts';
import { ConsumerGroups } from './consumer/consumer-groups.ts';
import { ConsumerRequests } from './consumer/consumer-requests.ts';
import type { HeartbeatAnswer } from './consumer/heartbeat.ts';
import type { HeartbeatCommand } from './consumer/heartbeat-request.ts';
import { preferredAssignor } from './consumer/target.ts';
import type { GroupShard } from './group-machine.ts';
import { groupMachine } from './group-machine.ts';
import type { GroupCoordinatorOptions, GroupRuntime, Place } from './group-place.ts';
import { exists, GroupPlaces } from './group-place.ts';
import type { ConsumerGroupView, GroupListing, GroupView } from './group-view.ts';
import { groupViewOf, listingOf } from './group-view.ts';
import type { Committer, OffsetToCommit } from './offsets/commit.ts';
import type { Reader } from './offsets/consumer-commit.ts';
import { planForget } from './offsets/forget.ts';
import type { OffsetsAnswer } from './offsets/group-offsets.ts';
import { GroupOffsets } from './offsets/group-offsets.ts';
import type { OffsetDeleteAnswer, OffsetToDelete } from './offsets/offset-delete.ts';
import { deleteOffsets } from './offsets/offset-delete.ts';
import { OffsetExpiry } from './offsets/offset-expiry.ts';

/**
 * Consumer groups of the partitions of `__consumer_offsets` that this broker leads: one door to its parts, each of which plans by
 * what is stored of a group, writes and answers. See SPEC.md.
 */
export class GroupCoordinator {
  readonly #places: GroupPlaces;
  readonly #runtime: GroupRuntime;
  readonly #classic: ClassicGroups;
  readonly #consumer: ConsumerGroups;
  readonly #consumerRequests: ConsumerRequests;
  readonly #offsets: GroupOffsets;
  readonly #expiry: OffsetExpiry;

  constructor(options: GroupCoordinatorOptions) {
    const { clock, log, offsetsLog } = options;
    this.#runtime = new CoordinatorRuntime({
      clock,
      log,
      internalLog: offsetsLog,
      machine: groupMachine,
      onActive: (shard) => this.#opened(shard),
      onResigned: (shard) => {
        this.#classic.resigned(shard);
        this.#consumer.resigned(shard);
      },
    });
    this.#places = new GroupPlaces(options, this.#runtime);
    this.#classic = new ClassicGroups(this.#places);
    this.#consumer = new ConsumerGroups(this.#places, this.#classic);
    this.#consumerRequests = new ConsumerRequests(this.#places, this.#consumer);
    this.#offsets = new GroupOffsets(this.#places, this.#consumer, this.#consumerRequests);
    this.#expiry = new OffsetExpiry(this.#places, this.#consumer);
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
    this.#expiry.stop();
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
    await Promise.all(shards.map((shard) => this.#offsets.forgetTopics(shard, (topic) => topics.has(topic))));
  }

  /** JoinGroup. Resolves when the rebalance is over. `newMemberId` and limits are filled in here. */
  join(groupId: string, command: Omit<JoinCommand, 'newMemberId'>): Promise<JoinAnswer> | JoinAnswer {
    const place = this.#consumerPlace(groupId);
    if (!place) return this.#classic.join(groupId, command);
    const newMemberId = `${command.groupInstanceId ?? command.clientId}-${this.#places.newId()}`;
    return this.#consumerRequests.join(place, { ...command, newMemberId }, () => this.#classic.join(groupId, command));
  }

  /** SyncGroup. Resolves when the leader's assignments are written. */
  sync(groupId: string, command: SyncCommand): Promise<SyncAnswer> | SyncAnswer {
    const place = this.#consumerPlace(groupId);
    if (!place) return this.#classic.sync(groupId, command);
    return this.#consumerRequests.sync(place, command, () => this.#classic.sync(groupId, command));
  }

  /** Heartbeat of the classic protocol. */
  heartbeat(groupId: string, claim: MemberClaim, generationId: number): Promise<ErrorCode> | ErrorCode {
    const beat = () => this.#classic.heartbeat(groupId, claim, generationId);
    const place = this.#consumerPlace(groupId);
    return place ? this.#consumerRequests.classicHeartbeat(place, claim, generationId, beat) : beat();
  }

  /** LeaveGroup: the group's error code, then one for each member. */
  leave(groupId: string, claims: readonly MemberClaim[]): Promise<LeaveAnswer> | LeaveAnswer {
    const leave = () => this.#classic.leave(groupId, claims);
    const place = this.#consumerPlace(groupId);
    return place ? this.#consumerRequests.leave(place, claims, leave) : leave();
  }

  /** ConsumerGroupHeartbeat (KIP-848). */
  consumerHeartbeat(command: Omit<HeartbeatCommand, 'newMemberId'>): Promise<HeartbeatAnswer> | HeartbeatAnswer {
    return this.#consumerRequests.heartbeat(command);
  }

  /** The topics of the cluster are not what they were. */
  topicsChanged(): void {
    this.#consumer.topicsChanged();
  }

  /** Commits offsets: an error code for each, in order, once they are on all in-sync replicas. */
  commit(groupId: string, committer: Committer, offsets: readonly OffsetToCommit[]): Promise<readonly ErrorCode[]> {
    return this.#offsets.commit(groupId, committer, offsets);
  }

  /**
   * Commits offsets in a producer's transaction: they count when that is committed. An error code for each, in order, once
   * they are on all in-sync replicas.
   */
  commitInTransaction(
    groupId: string,
    committer: Committer,
    transaction: WritingTransaction,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    return this.#offsets.commitInTransaction(groupId, committer, transaction, offsets);
  }

  /** A transaction with offsets in a partition has ended: writes that, after which they count or are forgotten. */
  endTransaction(partition: number, end: EndToWrite): Promise<ErrorCode> {
    return this.#runtime.writeEnd(partition, end);
  }

  /** Whether a transaction that is open may change the committed offset of a partition (KIP-447). */
  isUnstable(groupId: string, topic: string, partition: number): boolean {
    return this.#offsets.isUnstable(groupId, topic, partition);
  }

  /** The group's committed offsets, or why they cannot be had. */
  committedOffsets(groupId: string, reader?: Reader): OffsetsAnswer {
    return this.#offsets.committed(groupId, reader);
  }

  /** OffsetDelete: the group's error code, then one for each partition. */
  deleteOffsets(groupId: string, asked: readonly OffsetToDelete[]): Promise<OffsetDeleteAnswer> {
    return deleteOffsets(this.#places, groupId, asked);
  }

  /** A group to describe, undefined when there is none, or why it cannot be had. */
  describe(groupId: string): GroupView | ErrorCode | undefined {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return place;
    const { stored, soft } = place.shard.state;
    if (!exists(place) || stored.get(groupId)?.consumer) return undefined;
    return groupViewOf(groupId, stored.get(groupId), soft.roundOf(groupId));
  }

  /** A group of the consumer protocol to describe, undefined when there is none, or why it cannot be had. */
  describeConsumer(groupId: string): ConsumerGroupView | ErrorCode | undefined {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return place;
    const group = place.shard.state.stored.get(groupId)?.consumer;
    if (!group) return undefined;
    const assignor = preferredAssignor(group, this.#places.options.consumerLimits(groupId));
    return { group, state: stateOf(group), assignorName: assignor.name };
  }

  /** Whether there is a group of that name, of any kind, that is not one of the consumer protocol. */
  isOtherKind(groupId: string): boolean {
    const place = this.#places.of(groupId);
    return typeof place !== 'number' && exists(place) && !place.shard.state.stored.get(groupId)?.consumer;
  }

  /** Every group of this broker; an error while some are still being read. */
  list(): { readonly errorCode: ErrorCode; readonly groups: readonly GroupListing[] } {
    const isLoading = this.#runtime.countIn('loading') > 0;
    const groups: GroupListing[] = [];
    for (const { state } of this.#runtime.active()) {
      const ids = new Set([...state.stored.keys(), ...state.soft.ids()]);
      for (const groupId of ids)
        groups.push(listingOf(groupId, state.stored.get(groupId), state.soft.roundOf(groupId)));
    }
    return { errorCode: isLoading ? errorCode.COORDINATOR_LOAD_IN_PROGRESS : errorCode.NONE, groups };
  }

  /** Deletes a group without members, with its offsets. */
  async delete(groupId: string): Promise<ErrorCode> {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return place;
    if (this.#consumer.owns(place))
      return this.#consumerRequests.delete(
        place,
        () => forgetAll(place),
        () => this.#deleteClassic(place),
      );
    return this.#deleteClassic(place);
  }

  async #deleteClassic(place: Place): Promise<ErrorCode> {
    if (!exists(place)) return errorCode.GROUP_ID_NOT_FOUND;
    const { shard, groupId } = place;
    const { soft } = shard.state;
    // Who has but been given an id is no member yet.
    const { phase } = soft.roundOf(groupId) ?? emptyRound;
    if (phase !== 'Empty' && phase !== 'Dead') return errorCode.NON_EMPTY_GROUP;
    const reopen = soft.close(groupId);
    // Commits that are on their way leave offsets that the tombstones have to name.
    await shard.writes.whenSettled();
    const writtenAtMs = this.#places.options.clock.now();
    const code = await this.#runtime.write(shard, [
      ...forgetAll(place),
      { kind: 'membership', groupId, membership: null, writtenAtMs },
    ]);
    if (code === errorCode.NONE) soft.remove(groupId);
    else reopen();
    return code;
  }

  async #opened(shard: Shard<GroupShard>): Promise<void> {
    const { topicExists } = this.#places.options;
    this.#classic.opened(shard);
    this.#consumer.opened(shard);
    // Topics that were deleted while nobody coordinated these groups.
    await this.#offsets.forgetTopics(shard, (topic) => !topicExists(topic));
  }

  /** Where requests of the classic protocol go that are for a group of the consumer protocol. */
  #consumerPlace(groupId: string): Place | undefined {
    const place = this.#places.ofMembers(groupId);
    return typeof place !== 'number' && this.#consumer.owns(place) ? place : undefined;
  }
}

/** Tombstones for every offset of a group. */
function forgetAll({ shard: { state }, groupId }: Place) {
  return planForget(groupId, state.stored.get(groupId), state.held, () => true);
}
