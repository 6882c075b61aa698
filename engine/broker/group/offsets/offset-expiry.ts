import type { Cancel } from '../../../base/clock.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Shard } from '../../coordinator/shard.ts';
import type { Round } from '../classic/round.ts';
import { emptyRound } from '../classic/round.ts';
import { subscribedTopics } from '../classic/subscribed-topics.ts';
import type { ConsumerGroups } from '../consumer/consumer-groups.ts';
import { dissolve } from '../consumer/leave.ts';
import { isSubscribed } from '../consumer/subscriptions.ts';
import type { GroupShard } from '../group-machine.ts';
import type { GroupPlaces } from '../group-place.ts';
import type { GroupRecord, OffsetPlace } from '../group-records.ts';
import type { CommittedOffset, StoredGroup } from '../stored-group.ts';
import type { ExpiryRule } from './expire.ts';
import { expiredOffsets } from './expire.ts';

/**
 * Looks for offsets that nobody uses any more, every offsets.retention.check.interval.ms, and for groups that are left with nothing.
 * What is being written meanwhile is looked at the next time.
 */
export class OffsetExpiry {
  readonly #places: GroupPlaces;
  readonly #consumer: ConsumerGroups;
  #cancel: Cancel = () => {};

  constructor(places: GroupPlaces, consumer: ConsumerGroups) {
    this.#places = places;
    this.#consumer = consumer;
    this.#arm();
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    const { clock, limits } = this.#places.options;
    this.#cancel = clock.after(limits.offsetsCheckIntervalMs, () => {
      for (const shard of this.#places.runtime.active()) void this.#check(shard);
      this.#arm();
    });
  }

  async #check(shard: Shard<GroupShard>): Promise<void> {
    await shard.writes.whenSettled();
    for (const stored of [...shard.state.stored.values()]) {
      if (stored.consumer) this.#checkConsumer(shard, stored);
      else await this.#checkClassic(shard, stored.groupId);
    }
  }

  #rule(isSubscribed: ExpiryRule['isSubscribed'], unusedSinceMs: ExpiryRule['unusedSinceMs']): ExpiryRule {
    const { clock, limits } = this.#places.options;
    return { nowMs: clock.now(), retentionMs: limits.offsetsRetentionMs, isSubscribed, unusedSinceMs };
  }

  #checkConsumer(shard: Shard<GroupShard>, { groupId }: StoredGroup): void {
    this.#consumer.perform(
      { shard, groupId },
      {
        plan: (draft) => {
          const stored = shard.state.stored.get(groupId);
          // A commit that is on its way would be lost under a tombstone.
          if (!stored?.consumer || !shard.writes.isIdle) return () => {};
          const { group } = draft;
          const rule = this.#rule((topic) => isSubscribed(group, topic), committedAt);
          const { places, isAll } = expiredOffsets(stored, shard.state.held, rule);
          draft.before.push(...places.map(tombstone));
          if (isAll && draft.isThere && group.members.size === 0) {
            dissolve(draft);
            draft.successor = { membership: null, wantsRebalance: false };
          }
          return () => {};
        },
      },
    );
  }

  async #checkClassic(shard: Shard<GroupShard>, groupId: string): Promise<void> {
    const { stored, soft, held } = shard.state;
    const group = stored.get(groupId);
    if (!group || group.consumer || !shard.writes.isIdle || shard.phase !== 'active') return;
    const round = soft.roundOf(groupId) ?? emptyRound;
    if (round.phase === 'Dead') return;
    const topics = subscribedTopics(round);
    const rule = this.#rule((topic) => !topics || topics.has(topic), sinceOf(group, round));
    const { places, isAll } = expiredOffsets(group, held, rule);
    const isLeft = isAll && round.phase === 'Empty' && round.members.size + round.pendingMembers.size === 0;
    const records: GroupRecord[] = places.map(tombstone);
    if (isLeft) records.push({ kind: 'membership', groupId, membership: null, writtenAtMs: rule.nowMs });
    if (records.length === 0) return;
    const reopen = isLeft ? soft.close(groupId) : () => {};
    const code = await this.#places.runtime.write(shard, records);
    if (code !== errorCode.NONE) reopen();
    else if (isLeft) soft.remove(groupId);
  }
}

function committedAt({ commitTimestampMs }: CommittedOffset): number {
  return commitTimestampMs;
}

/** Offsets of a group that had members are kept from when the last of them left; others from when they were committed. */
function sinceOf({ membership, membershipWrittenAtMs }: StoredGroup, { phase }: Round): ExpiryRule['unusedSinceMs'] {
  const isLeft = phase === 'Empty' && membership !== undefined && membershipWrittenAtMs >= 0;
  return isLeft ? () => membershipWrittenAtMs : committedAt;
}

function tombstone(place: OffsetPlace): GroupRecord {
  return { kind: 'offset', place, committed: null };
}
