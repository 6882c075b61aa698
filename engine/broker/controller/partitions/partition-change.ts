import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { PartitionDifference } from '../new-record.ts';
import { newPartitionChange } from '../new-record.ts';
import type { PartitionRegistration } from '../topics/topics-image.ts';
import type { Election } from './elect-leader.ts';
import { electLeader } from './elect-leader.ts';

/** What is to become of a partition. */
export interface PartitionChangeInput extends Election {
  readonly topicId: string;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
  /** min.insync.replicas of the topic. */
  readonly minIsr: number;
  /** The in-sync set asked for; the present one when absent. */
  readonly targetIsr?: readonly number[];
  /** Replicas that restarted without a clean shutdown: they may have lost data and are not eligible. */
  readonly uncleanReplicas?: readonly number[];
  /** The leader reports that it has recovered from an unclean election. */
  readonly hasRecovered?: boolean;
}

/**
 * The record that changes a partition as asked, with the leader and the eligible replicas that follow from it, or
 * undefined when nothing changes. Rules: KIP-966 (eligible leader replicas), KIP-841 (active brokers only).
 */
export function planPartitionChange(input: PartitionChangeInput): MetadataRecord | undefined {
  const { partition } = input;
  const targetIsr = input.targetIsr ?? partition.isr;
  const eligible = eligibleReplicas(input, targetIsr);
  const elected = electLeader(input, partition, targetIsr, eligible);
  const isr = elected.isUnclean ? [elected.leader] : elected.fromElr ? [...targetIsr, elected.leader] : targetIsr;
  // After an unclean election the others' records are of another history: nobody is eligible any more.
  const elr = elected.isUnclean || isLarge(input, isr) ? [] : eligible.filter((replica) => !isr.includes(replica));
  const lastKnownElr = elected.leader === -1 ? lastLeader(partition) : [];
  const isRecovering = elected.isUnclean ? true : input.hasRecovered ? false : partition.isRecovering;
  const difference: PartitionDifference = {
    ...(sameMembers(isr, partition.isr) ? {} : { isr }),
    ...(elected.leader === partition.leader ? {} : { leader: elected.leader }),
    ...(sameMembers(elr, partition.elr) ? {} : { elr }),
    ...(sameMembers(lastKnownElr, partition.lastKnownElr) ? {} : { lastKnownElr }),
    ...(isRecovering === partition.isRecovering ? {} : { isRecovering }),
  };
  if (Object.keys(difference).length === 0) return undefined;
  return newPartitionChange(input.topicId, input.partitionId, difference);
}

/** KIP-966: below the minimum, members that leave the in-sync set stay eligible; at or above it, nobody need be. */
function eligibleReplicas(input: PartitionChangeInput, isr: readonly number[]): number[] {
  const { partition, uncleanReplicas = [] } = input;
  if (isLarge(input, isr)) return [];
  return [...partition.elr, ...partition.isr].filter(
    (replica, index, all) =>
      !isr.includes(replica) && !uncleanReplicas.includes(replica) && all.indexOf(replica) === index,
  );
}

function isLarge({ partition, minIsr }: PartitionChangeInput, isr: readonly number[]): boolean {
  return isr.length >= Math.min(minIsr, partition.replicas.length);
}

function lastLeader({ leader, lastKnownElr }: PartitionRegistration): readonly number[] {
  return leader === -1 ? lastKnownElr : [leader];
}

function sameMembers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((member, index) => member === b[index]);
}
