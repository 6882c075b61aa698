import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { PartitionDifference } from '../new-record.ts';
import { newPartitionChange } from '../new-record.ts';
import type { PartitionRegistration } from '../topics/topics-image.ts';
import type { Elected, Election } from './elect-leader.ts';
import { electLeader } from './elect-leader.ts';
import type { Reassignment } from './reassignment.ts';
import { completed, isReassigning } from './reassignment.ts';

/** What is to become of a partition. */
export interface PartitionChangeInput extends Election {
  readonly topicId: string;
  readonly partitionId: number;
  readonly partition: PartitionRegistration;
  /** The in-sync set asked for; the present one when absent. */
  readonly targetIsr?: readonly number[];
  /** The replicas asked for, and which of them come and go; the present ones when absent. */
  readonly reassignment?: Reassignment;
  /** Replicas that restarted without a clean shutdown: they may have lost data and are not eligible. */
  readonly uncleanReplicas?: readonly number[];
  /** The leader reports that it has recovered from an unclean election. */
  readonly hasRecovered?: boolean;
}

/** Who is where before a leader is elected. */
interface Targets extends Reassignment {
  readonly isr: readonly number[];
  readonly elr: readonly number[];
}

/**
 * The record that changes a partition as asked, with the leader, the eligible replicas and the end of a reassignment that
 * follow from it, or undefined when nothing changes. Rules: KIP-455 (reassignment), KIP-966 (eligible leader replicas), KIP-841
 * (active brokers only).
 */
export function planPartitionChange(input: PartitionChangeInput): MetadataRecord | undefined {
  const { partition } = input;
  const targets = targetsOf(input);
  const { replicas, addingReplicas, removingReplicas } = targets;
  const { leader, lastKnownElr: known } = partition;
  const elected = electLeader(input, { ...targets, leader, lastKnownElr: known });
  const isr = isrOf(input, targets, elected);
  // After an unclean election the others' records are of another history: nobody is eligible any more.
  const elr = elected.isUnclean ? [] : targets.elr.filter((replica) => !isr.includes(replica));
  const lastKnownElr = elected.leader === -1 && input.hasElr ? lastLeader(partition) : [];
  const isRecovering = elected.isUnclean ? true : input.hasRecovered ? false : partition.isRecovering;
  // Whoever is no replica any more must not be heard in the epoch that it knows.
  const losesReplica = partition.replicas.some((replica) => !replicas.includes(replica));
  const difference: PartitionDifference = {
    ...differing('replicas', replicas, partition),
    ...differing('addingReplicas', addingReplicas, partition),
    ...differing('removingReplicas', removingReplicas, partition),
    ...differing('isr', isr, partition),
    ...(elected.leader === leader && !losesReplica ? {} : { leader: elected.leader }),
    ...differing('elr', elr, partition),
    ...differing('lastKnownElr', lastKnownElr, partition),
    ...(isRecovering === partition.isRecovering ? {} : { isRecovering }),
  };
  if (Object.keys(difference).length === 0) return undefined;
  return newPartitionChange(input.topicId, input.partitionId, difference);
}

function targetsOf(input: PartitionChangeInput): Targets {
  const { partition, reassignment = partition, targetIsr = partition.isr } = input;
  const { replicas, addingReplicas, removingReplicas } = reassignment;
  const end = isReassigning(reassignment) ? completed(reassignment, targetIsr) : undefined;
  if (end) {
    const elr = eligibleReplicas(input, end.isr, end.replicas);
    return { ...end, addingReplicas: [], removingReplicas: [], elr };
  }
  const elr = eligibleReplicas(input, targetIsr, replicas);
  return { replicas, addingReplicas, removingReplicas, isr: targetIsr, elr };
}

function isrOf(
  { partition, hasElr }: PartitionChangeInput,
  { isr, elr }: Targets,
  elected: Elected,
): readonly number[] {
  const { leader, isUnclean } = elected;
  if (isUnclean || (isr.length === 0 && elr.includes(leader))) return [leader];
  // Without eligible replicas the last in-sync one is remembered by staying in the set, without a leader.
  return isr.length === 0 && !hasElr ? partition.isr : isr;
}

/** KIP-966: below the minimum, members that leave the in-sync set stay eligible; at or above it, nobody need be. */
function eligibleReplicas(
  { partition, uncleanReplicas = [], minIsr, hasElr }: PartitionChangeInput,
  isr: readonly number[],
  replicas: readonly number[],
): number[] {
  if (!hasElr || isr.length >= Math.min(minIsr, replicas.length)) return [];
  const candidates = new Set([...partition.elr, ...partition.isr]);
  return [...candidates].filter(
    (replica) => replicas.includes(replica) && !isr.includes(replica) && !uncleanReplicas.includes(replica),
  );
}

function lastLeader({ leader, lastKnownElr }: PartitionRegistration): readonly number[] {
  return leader === -1 ? lastKnownElr : [leader];
}

type ListName = 'replicas' | 'addingReplicas' | 'removingReplicas' | 'isr' | 'elr' | 'lastKnownElr';

function differing(name: ListName, list: readonly number[], before: PartitionRegistration): PartitionDifference {
  const known = before[name];
  const isSame = list.length === known.length && list.every((member, index) => member === known[index]);
  return isSame ? {} : { [name]: list };
}
