import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { minIsrOf } from './min-isr.ts';
import { planPartitionChange } from './partition-change.ts';

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
        topicId: topic.id,
        partitionId,
        partition,
        isAcceptable: (broker) => view.image.isActive(broker),
        allowUnclean: false,
        preferred: true,
        minIsr: minIsrOf(view, topic.name),
      });
      if (record) records.push(record);
    }
  }
  return { records, reply: undefined };
}
