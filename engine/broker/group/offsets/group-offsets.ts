import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { WritingTransaction } from '../../coordinator/internal-log.ts';
import type { Shard } from '../../coordinator/shard.ts';
import { emptyRound } from '../classic/round.ts';
import type { ConsumerGroups } from '../consumer/consumer-groups.ts';
import type { ConsumerRequests } from '../consumer/consumer-requests.ts';
import type { GroupShard } from '../group-machine.ts';
import type { GroupPlaces, Place } from '../group-place.ts';
import { exists } from '../group-place.ts';
import type { OffsetsByTopic } from '../stored-group.ts';
import type { Committer, OffsetToCommit } from './commit.ts';
import { checkCommitter, checkTransactionalCommitter, planCommit } from './commit.ts';
import type { Reader } from './consumer-commit.ts';
import { checkConsumerCommits, checkReader } from './consumer-commit.ts';
import { planForget } from './forget.ts';

/** Longest wait for a commit to reach all in-sync replicas before the client is told to try again (Kafka's offsets.commit.timeout.ms). */
const commitWaitMsMax = 5_000;

/** Who asks without a word about a membership. */
const anyReader: Reader = { memberId: null, memberEpoch: -1 };

/** Committed offsets, or why they cannot be had. */
export interface OffsetsAnswer {
  readonly errorCode: ErrorCode;
  readonly offsets: OffsetsByTopic;
}

/** Commits offsets of groups, tells and forgets them. */
export class GroupOffsets {
  readonly #places: GroupPlaces;
  readonly #consumer: ConsumerGroups;
  readonly #turns: Pick<ConsumerRequests, 'inTurn'>;

  constructor(places: GroupPlaces, consumer: ConsumerGroups, turns: Pick<ConsumerRequests, 'inTurn'>) {
    this.#places = places;
    this.#consumer = consumer;
    this.#turns = turns;
  }

  /** Commits offsets: an error code for each, in order, once they are on all in-sync replicas. */
  async commit(
    groupId: string,
    committer: Committer,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return offsets.map(() => place);
    // What is on its way may be what takes the partitions from who commits.
    if (this.#consumer.owns(place)) return this.#turns.inTurn(place, () => this.#commitNow(place, committer, offsets));
    return this.#commitNow(place, committer, offsets);
  }

  #commitNow(
    place: Place,
    committer: Committer,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> | readonly ErrorCode[] {
    const { stored, soft } = place.shard.state;
    const { groupId } = place;
    if (place.shard.phase !== 'active') return offsets.map(() => errorCode.NOT_COORDINATOR);
    if (committer.generationId >= 0 && !exists(place)) return offsets.map(() => committer.missingGroup);
    const consumer = stored.get(groupId)?.consumer;
    if (consumer) {
      const codes = checkConsumerCommits(consumer, committer, offsets, this.#places.options.topics());
      return this.#write(place, offsets, codes);
    }
    const { errorCode: refusal, heard } = checkCommitter(soft.roundOf(groupId) ?? emptyRound, committer);
    if (heard) soft.heard(groupId, heard, this.#places.options.clock.monotonic());
    if (refusal !== errorCode.NONE) return offsets.map(() => refusal);
    return this.#write(place, offsets);
  }

  /** Writes those offsets that nothing speaks against. */
  async #write(
    { shard, groupId }: Place,
    offsets: readonly OffsetToCommit[],
    refusals: readonly ErrorCode[] = [],
    transaction?: WritingTransaction,
  ): Promise<readonly ErrorCode[]> {
    const { clock, limits } = this.#places.options;
    const { codes, records } = planCommit(groupId, offsets, { limits, nowMs: clock.now(), refusals });
    if (records.length === 0) return codes;
    const written = await this.#within(this.#places.runtime.write(shard, records, transaction));
    return written === errorCode.NONE ? codes : codes.map((code) => code || written);
  }

  /** Commits offsets in a producer's transaction, which decides whether they count. */
  async commitInTransaction(
    groupId: string,
    committer: Committer,
    transaction: WritingTransaction,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return offsets.map(() => place);
    const commit = () => this.#commitInTransactionNow(place, committer, transaction, offsets);
    return this.#consumer.owns(place) ? this.#turns.inTurn(place, commit) : commit();
  }

  #commitInTransactionNow(
    place: Place,
    committer: Committer,
    transaction: WritingTransaction,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> | readonly ErrorCode[] {
    const { stored, held, soft } = place.shard.state;
    const isKnown = exists(place) || held.placesOf(place.groupId).length > 0;
    if (committer.generationId >= 0 && !isKnown) return offsets.map(() => committer.missingGroup);
    const consumer = stored.get(place.groupId)?.consumer;
    if (consumer) {
      const inTransaction = { ...committer, isTransactional: true };
      const codes = checkConsumerCommits(consumer, inTransaction, offsets, this.#places.options.topics());
      return this.#write(place, offsets, codes, transaction);
    }
    const refusal = checkTransactionalCommitter(soft.roundOf(place.groupId) ?? emptyRound, committer);
    if (refusal !== errorCode.NONE) return offsets.map(() => refusal);
    return this.#write(place, offsets, [], transaction);
  }

  /** Whether the committed offset of a partition may change with the end of a transaction that is open. */
  isUnstable(groupId: string, topic: string, partition: number): boolean {
    const place = this.#places.of(groupId);
    return typeof place !== 'number' && place.shard.state.held.isHeld(groupId, topic, partition);
  }

  /**
   * The group's committed offsets. A group that nobody knows has none. A broker that has lost touch with the quorum does not know
   * whether others have committed elsewhere since.
   */
  committed(groupId: string, reader: Reader = anyReader): OffsetsAnswer {
    const refuse = (code: ErrorCode): OffsetsAnswer => ({ errorCode: code, offsets: new Map() });
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return refuse(place);
    if (!this.#places.options.isInTouch()) return refuse(errorCode.NOT_COORDINATOR);
    const stored = place.shard.state.stored.get(groupId);
    const refusal = checkReader(reader, stored?.consumer);
    return refusal === errorCode.NONE ? { errorCode: refusal, offsets: stored?.offsets ?? new Map() } : refuse(refusal);
  }

  /** Writes tombstones for the offsets of topics that are gone. */
  async forgetTopics(shard: Shard<GroupShard>, isGone: (topic: string) => boolean): Promise<void> {
    await shard.writes.whenSettled();
    const { stored, held } = shard.state;
    const groupIds = new Set([...stored.keys(), ...held.groupIds]);
    const records = [...groupIds].flatMap((groupId) => planForget(groupId, stored.get(groupId), held, isGone));
    if (records.length === 0) return;
    const code = await this.#places.runtime.write(shard, records);
    const { partition } = shard;
    if (code !== errorCode.NONE)
      this.#places.options.log.warn('could not forget offsets of deleted topics', { partition, code });
  }

  /** The client is answered in time even when the write takes longer; the write counts all the same once it is committed. */
  #within(write: Promise<ErrorCode>): Promise<ErrorCode> {
    return new Promise((resolve, reject) => {
      const cancel = this.#places.options.clock.after(commitWaitMsMax, () => resolve(errorCode.REQUEST_TIMED_OUT));
      write.then(resolve, reject).finally(cancel);
    });
  }
}
