import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { planPartitionChange } from './partition-change.ts';
import { partitionRules } from './partition-rules.ts';

/** Leaderships moved in one check; the next check goes on. */
export const balancedLeadersMax = 1_000;

/** Gives partitions back to their preferred leaders, where those are in sync and active (`auto.leader.rebalance.enable`). */
export function planBalanceLeaders(view: ControllerView): Plan<undefined> {
  const records: MetadataRecord[] = [];
  for (const topic of view.image.topics.values()) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      const preferred = partition.replicas[0];
      if (preferred === undefined || preferred === partition.leader || !partition.isr.includes(preferred)) continue;
      if (!view.image.isActive(preferred) || records.length >= balancedLeadersMax) continue;
      const record = planPartitionChange({
        ...partitionRules(view, topic.name),
        topicId: topic.id,
        partitionId,
        partition,
        allowUnclean: false,
        preferred: true,
      });
      if (record) records.push(record);
    }
  }
  return { records, reply: undefined };
}
