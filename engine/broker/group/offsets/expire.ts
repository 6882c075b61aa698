import type { OffsetPlace } from '../group-records.ts';
import type { CommittedOffset, StoredGroup } from '../stored-group.ts';
import type { HeldOffsets } from './held-offsets.ts';

/** By what the offsets of a group expire. */
export interface ExpiryRule {
  /** Wall-clock time, milliseconds since 1970. */
  readonly nowMs: number;
  /** offsets.retention.minutes */
  readonly retentionMs: number;
  /** Offsets of topics that a member reads stay. */
  readonly isSubscribed: (topic: string) => boolean;
  /** From when on an offset that nobody reads is kept for the retention time. */
  readonly unusedSinceMs: (committed: CommittedOffset) => number;
}

/** The offsets that have expired, and whether the group has none besides. */
export function expiredOffsets(
  stored: StoredGroup,
  held: HeldOffsets,
  { nowMs, retentionMs, isSubscribed, unusedSinceMs }: ExpiryRule,
): { readonly places: readonly OffsetPlace[]; readonly isAll: boolean } {
  const { groupId, offsets } = stored;
  const places: OffsetPlace[] = [];
  let isAll = held.placesOf(groupId).length === 0;
  for (const [topic, partitions] of offsets) {
    const stays = isSubscribed(topic);
    for (const [partition, committed] of partitions) {
      const isOver = !stays && nowMs - unusedSinceMs(committed) >= retentionMs;
      if (isOver && !held.isHeld(groupId, topic, partition)) places.push({ groupId, topic, partition });
      else isAll = false;
    }
  }
  return { places, isAll };
}
