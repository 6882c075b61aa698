import type { FollowerProgress } from './in-sync/follower-progress.ts';
import { progressAtElection } from './in-sync/follower-progress.ts';
import type { PartitionAssignment } from './partition-assignment.ts';

/** This broker leads the partition. */
export interface LeaderRole {
  readonly kind: 'leader';
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** The log's end offset at the election: the first offset of this epoch. */
  readonly epochStartOffset: number;
  readonly replicas: readonly number[];
  /** The in-sync set that the controller committed. */
  readonly isr: readonly number[];
  /** The set asked for and not yet answered. It may be committed already, so promises are kept to both sets. */
  readonly pendingIsr: readonly number[] | undefined;
  /** Every other replica; the partition replaces entries as fetches arrive. */
  readonly followers: Map<number, FollowerProgress>;
}

/** Another broker leads, or nobody does (`leader` -1). */
export interface FollowerRole {
  readonly kind: 'follower';
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leader: number;
}

export type PartitionRole = LeaderRole | FollowerRole;

/** What an assignment does to a role. `stale`: older than what is known, nothing changes. */
export type RoleChange =
  | { readonly kind: 'stale' }
  | { readonly kind: 'elected'; readonly role: LeaderRole }
  | { readonly kind: 'leader-updated'; readonly role: LeaderRole }
  | { readonly kind: 'follows'; readonly role: FollowerRole; readonly resigned: boolean; readonly newEpoch: boolean };

/** The moment and place of a role change. */
export interface RoleContext {
  readonly localId: number;
  readonly endOffset: number;
  readonly nowMs: number;
}

function isStale(role: PartitionRole, assignment: PartitionAssignment): boolean {
  if (assignment.leaderEpoch !== role.leaderEpoch) return assignment.leaderEpoch < role.leaderEpoch;
  return assignment.partitionEpoch < role.partitionEpoch;
}

function electedRole(assignment: PartitionAssignment, context: RoleContext): LeaderRole {
  const followers = new Map<number, FollowerProgress>();
  for (const id of assignment.replicas)
    if (id !== context.localId) followers.set(id, progressAtElection(assignment.isr.includes(id), context.nowMs));
  return {
    kind: 'leader',
    leaderEpoch: assignment.leaderEpoch,
    partitionEpoch: assignment.partitionEpoch,
    epochStartOffset: context.endOffset,
    replicas: assignment.replicas,
    isr: assignment.isr,
    pendingIsr: undefined,
    followers,
  };
}

/** Same leader epoch: progress stays, replicas come and go, the committed in-sync set replaces the pending one. */
function updatedLeader(role: LeaderRole, assignment: PartitionAssignment, context: RoleContext): LeaderRole {
  const newer = assignment.partitionEpoch > role.partitionEpoch;
  const followers = new Map<number, FollowerProgress>();
  for (const id of assignment.replicas) {
    if (id === context.localId) continue;
    followers.set(id, role.followers.get(id) ?? progressAtElection(assignment.isr.includes(id), context.nowMs));
  }
  return {
    ...role,
    partitionEpoch: assignment.partitionEpoch,
    replicas: assignment.replicas,
    isr: newer ? assignment.isr : role.isr,
    pendingIsr: newer ? undefined : role.pendingIsr,
    followers,
  };
}

/** Decides the role after an assignment of this partition (same topic id); see SPEC.md 1.x. */
export function roleAfter(
  role: PartitionRole | undefined,
  assignment: PartitionAssignment,
  context: RoleContext,
): RoleChange {
  if (role && isStale(role, assignment)) return { kind: 'stale' };
  const newEpoch = role === undefined || assignment.leaderEpoch > role.leaderEpoch;
  if (assignment.leader !== context.localId) {
    const { leaderEpoch, partitionEpoch, replicas, isr, leader } = assignment;
    const follower: FollowerRole = { kind: 'follower', leaderEpoch, partitionEpoch, replicas, isr, leader };
    return { kind: 'follows', role: follower, resigned: role?.kind === 'leader', newEpoch };
  }
  if (role?.kind === 'leader' && !newEpoch)
    return { kind: 'leader-updated', role: updatedLeader(role, assignment, context) };
  return { kind: 'elected', role: electedRole(assignment, context) };
}

/** Members of the committed or the pending in-sync set: those the high watermark waits for (KIP-497). */
export function isInMaximalIsr(role: LeaderRole, brokerId: number): boolean {
  return role.isr.includes(brokerId) || role.pendingIsr?.includes(brokerId) === true;
}

/** `min.insync.replicas`, but never more than there are replicas. */
export function effectiveMinInsync(role: LeaderRole, minInsyncReplicas: number): number {
  return Math.min(minInsyncReplicas, role.replicas.length);
}

/** Whether acks=all can be promised now: judged by the committed in-sync set. */
export function hasEnoughInSync(role: LeaderRole, minInsyncReplicas: number): boolean {
  return role.isr.length >= effectiveMinInsync(role, minInsyncReplicas);
}
