import type { OffsetRecord } from '../group-records.ts';
import type { StoredGroup } from '../stored-group.ts';

/** The tombstones of a group's offsets for topics that are gone. */
export function planForget({ groupId, offsets }: StoredGroup, isGone: (topic: string) => boolean): OffsetRecord[] {
  const records: OffsetRecord[] = [];
  for (const [topic, partitions] of offsets) {
    if (!isGone(topic)) continue;
    for (const partition of partitions.keys())
      records.push({ kind: 'offset', place: { groupId, topic, partition }, committed: null });
  }
  return records;
}
