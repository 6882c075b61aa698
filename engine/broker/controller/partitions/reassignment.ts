import type { PartitionRegistration } from '../topics/topics-image.ts';

/** The replicas of a partition while they move: all that are or will be, and which of them come and go (KIP-455). */
export interface Reassignment {
  readonly replicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
}

/** The way from replicas to others: the wanted ones in their order, those that go behind them until the new ones are in sync. */
export function reassignmentTo(current: readonly number[], wanted: readonly number[]): Reassignment {
  const addingReplicas = without(wanted, current).sort(ascending);
  const removingReplicas = without(current, wanted).sort(ascending);
  return { replicas: [...wanted, ...removingReplicas], addingReplicas, removingReplicas };
}

export function isReassigning({ addingReplicas, removingReplicas }: Reassignment): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0;
}

/**
 * What is left when a reassignment is complete with this in-sync set, or undefined while it has to wait: until all that come are
 * in sync and somebody who stays is. Where the number of replicas falls, all that stay must be, or the in-sync set would shrink
 * for nothing.
 */
export function completed(
  { replicas, addingReplicas, removingReplicas }: Reassignment,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | undefined {
  const staying = without(replicas, removingReplicas);
  const stayingIsr = without(isr, removingReplicas);
  if (staying.length === 0 || (removingReplicas.length > 0 && stayingIsr.length === 0)) return undefined;
  const hasAll = (members: readonly number[]) => members.every((member) => stayingIsr.includes(member));
  if (!hasAll(addingReplicas)) return undefined;
  if (addingReplicas.length < removingReplicas.length && !hasAll(staying)) return undefined;
  return { replicas: staying, isr: stayingIsr };
}

/**
 * The replicas and the in-sync set as if a reassignment had not begun. `isUnclean`: nobody who was there before is in sync, and
 * the first of them would have to lead with what it has.
 */
export function reverted({ replicas, addingReplicas, isr }: PartitionRegistration): {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly isUnclean: boolean;
} {
  const original = without(replicas, addingReplicas);
  const inSync = without(isr, addingReplicas);
  const isUnclean = inSync.length === 0;
  return { replicas: original, isr: isUnclean ? original.slice(0, 1) : inSync, isUnclean };
}

function without(list: readonly number[], gone: readonly number[]): number[] {
  return list.filter((member) => !gone.includes(member));
}

function ascending(a: number, b: number): number {
  return a - b;
}
