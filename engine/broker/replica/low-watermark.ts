import type { Partition } from './partition.ts';

/** The lowest start offset over the replicas that are waited for: what lies below it is nowhere read any more (KIP-107). */
export function lowWatermarkOf(partition: Partition, isWaitedFor: (brokerId: number) => boolean): number {
  let lowest = partition.log.startOffset;
  for (const [id, { startOffset }] of partition.leaderRole?.followers ?? [])
    if (isWaitedFor(id)) lowest = Math.min(lowest, startOffset);
  return lowest;
}
