import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { ControllerView } from '../controller-view.ts';
import { planPartitionChange } from './partition-change.ts';
import { partitionRules } from './partition-rules.ts';

/** What happens to a broker whose partitions are to be looked through. */
export interface BrokerTurn {
  /** Leaves every in-sync set and leads nothing any more. */
  readonly leaving?: number;
  /** It left without a clean shutdown: it is not eligible either. */
  readonly isUnclean?: boolean;
  /** Comes back: partitions without a leader may take it. */
  readonly joining?: number;
}

/**
 * Changes to all partitions that follow from a broker's coming or going. The image of the view is the one before the
 * broker's own record.
 */
export function planLeadershipChanges(view: ControllerView, turn: BrokerTurn): MetadataRecord[] {
  const { leaving, joining } = turn;
  const isAcceptable = (broker: number) => broker === joining || (broker !== leaving && view.image.isActive(broker));
  const records: MetadataRecord[] = [];
  for (const topic of view.image.topics.values()) {
    const rules = { ...partitionRules(view, topic.name), isAcceptable };
    topic.partitions.forEach((partition, partitionId) => {
      const isAffected =
        leaving === undefined
          ? partition.leader === -1
          : [...partition.isr, ...(turn.isUnclean ? partition.elr : []), partition.leader].includes(leaving);
      if (!isAffected) return;
      const record = planPartitionChange({
        ...rules,
        topicId: topic.id,
        partitionId,
        partition,
        targetIsr: partition.isr.filter((replica) => replica !== leaving),
        uncleanReplicas: turn.isUnclean && leaving !== undefined ? [leaving] : [],
      });
      if (record) records.push(record);
    });
  }
  return records;
}
