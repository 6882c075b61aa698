import type { OffsetPlace, OffsetRecord } from '../group-records.ts';
import type { StoredGroup } from '../stored-group.ts';
import type { HeldOffsets } from './held-offsets.ts';

/** The tombstones of a group's offsets for topics that are gone, those of open transactions too. */
export function planForget(
  groupId: string,
  stored: StoredGroup | undefined,
  held: HeldOffsets,
  isGone: (topic: string) => boolean,
): OffsetRecord[] {
  const places: OffsetPlace[] = [];
  for (const [topic, partitions] of stored?.offsets ?? [])
    if (isGone(topic)) for (const partition of partitions.keys()) places.push({ groupId, topic, partition });
  for (const place of held.placesOf(groupId)) {
    const isNamed = stored?.offsets.get(place.topic)?.has(place.partition) === true;
    if (isGone(place.topic) && !isNamed) places.push(place);
  }
  return places.map((place) => ({ kind: 'offset', place, committed: null }));
}
