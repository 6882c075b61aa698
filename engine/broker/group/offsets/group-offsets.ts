import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { WritingTransaction } from '../../coordinator/internal-log.ts';
import type { Shard } from '../../coordinator/shard.ts';
import { emptyRound } from '../classic/round.ts';
import type { GroupShard } from '../group-machine.ts';
import type { GroupPlaces } from '../group-place.ts';
import { exists } from '../group-place.ts';
import type { OffsetsByTopic } from '../stored-group.ts';
import type { Committer, OffsetToCommit } from './commit.ts';
import { checkCommitter, checkTransactionalCommitter, planCommit } from './commit.ts';
import { planForget } from './forget.ts';

/** Longest wait for a commit to reach all in-sync replicas before the client is told to try again (Kafka's offsets.commit.timeout.ms). */
const commitWaitMsMax = 5_000;

/** Committed offsets, or why they cannot be had. */
export interface OffsetsAnswer {
  readonly errorCode: ErrorCode;
  readonly offsets: OffsetsByTopic;
}

/** Commits offsets of groups, tells and forgets them. */
export class GroupOffsets {
  readonly #places: GroupPlaces;

  constructor(places: GroupPlaces) {
    this.#places = places;
  }

  /** Commits offsets: an error code for each, in order, once they are on all in-sync replicas. */
  async commit(
    groupId: string,
    committer: Committer,
    offsets: readonly OffsetToCommit[],
  ): Promise<readonly ErrorCode[]> {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return offsets.map(() => place);
    const { soft } = place.shard.state;
    if (committer.generationId >= 0 && !exists(place)) return offsets.map(() => committer.missingGroup);
    const { errorCode: refusal, heard } = checkCommitter(soft.roundOf(groupId) ?? emptyRound, committer);
    const { clock, limits } = this.#places.options;
    if (heard) soft.heard(groupId, heard, clock.monotonic());
    if (refusal !== errorCode.NONE) return offsets.map(() => refusal);
    const { codes, records } = planCommit(groupId, offsets, { limits, nowMs: clock.now() });
    if (records.length === 0) return codes;
    const written = await this.#within(this.#places.runtime.write(place.shard, records));
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
    if (committer.generationId >= 0 && !exists(place)) return offsets.map(() => committer.missingGroup);
    const refusal = checkTransactionalCommitter(place.shard.state.soft.roundOf(groupId) ?? emptyRound, committer);
    if (refusal !== errorCode.NONE) return offsets.map(() => refusal);
    const { clock, limits } = this.#places.options;
    const { codes, records } = planCommit(groupId, offsets, { limits, nowMs: clock.now() });
    if (records.length === 0) return codes;
    const written = await this.#within(this.#places.runtime.write(place.shard, records, transaction));
    return written === errorCode.NONE ? codes : codes.map((code) => code || written);
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
  committed(groupId: string): OffsetsAnswer {
    const place = this.#places.of(groupId);
    if (typeof place === 'number') return { errorCode: place, offsets: new Map() };
    if (!this.#places.options.isInTouch()) return { errorCode: errorCode.NOT_COORDINATOR, offsets: new Map() };
    return { errorCode: errorCode.NONE, offsets: place.shard.state.stored.get(groupId)?.offsets ?? new Map() };
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
