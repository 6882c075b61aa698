import type { ControllerView } from '../controller-view.ts';
import { features } from '../features/supported-features.ts';
import { allowsUnclean, minIsrOf } from './min-isr.ts';

/** What decides about changes of a topic's partitions besides what is asked. */
export interface PartitionRules {
  /** Whether a broker may lead now. */
  readonly isAcceptable: (brokerId: number) => boolean;
  /** Whether a replica that may lack committed records may lead (`unclean.leader.election.enable`). */
  readonly allowUnclean: boolean;
  /** min.insync.replicas of the topic. */
  readonly minIsr: number;
  /** Whether the cluster keeps eligible leader replicas (`eligible.leader.replicas.version`, KIP-966). */
  readonly hasElr: boolean;
}

/** The rules of a topic as the metadata stands. */
export function partitionRules(view: Pick<ControllerView, 'image' | 'settings'>, topic: string): PartitionRules {
  return {
    isAcceptable: (broker) => view.image.isActive(broker),
    allowUnclean: allowsUnclean(view, topic),
    minIsr: minIsrOf(view, topic),
    hasElr: view.image.featureLevel(features.eligibleLeaderReplicasVersion.name) > 0,
  };
}
