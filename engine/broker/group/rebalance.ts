import { errorCode } from '../../protocol/error-codes.ts';
import type { Effects } from './effects.ts';
import type { Group, GroupLimits, JoinAnswer, Member, SyncAnswer } from './group.ts';
import { electProtocol, metadataOf, refreshSession } from './group.ts';

const noAssignment = Buffer.alloc(0);

/** A join that was refused. */
export function refusedJoin(code: JoinAnswer['errorCode'], memberId = ''): JoinAnswer {
  return {
    errorCode: code,
    memberId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    members: [],
  };
}

/** A sync that was refused. */
export function refusedSync(code: SyncAnswer['errorCode']): SyncAnswer {
  return { errorCode: code, protocolType: null, protocolName: null, assignment: noAssignment };
}

/** The present generation as one member sees it; the list of members is for the leader alone. */
export function joinedAnswer(group: Group, member: Member): JoinAnswer {
  const isLeader = group.leaderId === member.memberId;
  return {
    errorCode: errorCode.NONE,
    memberId: member.memberId,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    skipAssignment: false,
    members: isLeader
      ? [...group.members.values()].map((other) => ({
          memberId: other.memberId,
          groupInstanceId: other.groupInstanceId,
          metadata: metadataOf(other, group.protocolName),
        }))
      : [],
  };
}

/** Starts a rebalance: whoever waits for an assignment is sent back to join, everyone else learns it by heartbeat. */
export function prepareRebalance(group: Group, limits: GroupLimits, nowMs: number, effects: Effects): void {
  const wasEmpty = group.phase === 'Empty';
  for (const member of group.members.values()) {
    if (!member.awaitingSync) continue;
    effects.answer(member.awaitingSync, refusedSync(errorCode.REBALANCE_IN_PROGRESS));
    member.awaitingSync = undefined;
    refreshSession(member, nowMs);
  }
  group.phase = 'PreparingRebalance';
  group.syncDeadlineMs = Number.POSITIVE_INFINITY;
  const timeoutMs = Math.max(0, ...[...group.members.values()].map((member) => member.rebalanceTimeoutMs));
  group.rebalanceDeadlineMs = nowMs + (wasEmpty ? Math.min(limits.initialRebalanceDelayMs, timeoutMs) : timeoutMs);
}

/** Ends the wait for joins when nobody is missing. A first rebalance waits out its initial delay all the same. */
export function maybeCompleteJoin(group: Group, limits: GroupLimits, nowMs: number, effects: Effects): void {
  if (group.phase !== 'PreparingRebalance') return;
  const everyoneJoined = [...group.members.values()].every((member) => member.awaitingJoin);
  const isFirst = group.generationId === 0 && limits.initialRebalanceDelayMs > 0;
  if (everyoneJoined && group.pendingMembers.size === 0 && !isFirst) completeJoin(group, nowMs, effects);
}

/** Makes the next generation of those who joined; dynamic members that did not come back are gone, static ones stay until their session ends. */
export function completeJoin(group: Group, nowMs: number, effects: Effects): void {
  for (const member of [...group.members.values()]) {
    if (!member.awaitingJoin && member.groupInstanceId === null) removeMember(group, member);
  }
  group.generationId += 1;
  group.hasAssignments = false;
  group.rebalanceDeadlineMs = Number.POSITIVE_INFINITY;
  if (group.members.size === 0) {
    group.phase = 'Empty';
    group.protocolName = null;
    group.leaderId = null;
    effects.persist(group);
    return;
  }
  group.phase = 'CompletingRebalance';
  group.protocolName = electProtocol(group);
  const leader = group.members.get(group.leaderId ?? '');
  if (!leader?.awaitingJoin) {
    const joined = [...group.members.values()].find((member) => member.awaitingJoin);
    group.leaderId = (joined ?? [...group.members.values()][0])?.memberId ?? null;
  }
  group.syncDeadlineMs = nowMs + Math.max(...[...group.members.values()].map((member) => member.rebalanceTimeoutMs));
  for (const member of group.members.values()) {
    if (!member.awaitingJoin) continue;
    effects.answer(member.awaitingJoin, joinedAnswer(group, member));
    member.awaitingJoin = undefined;
    refreshSession(member, nowMs);
  }
}

/** Takes a member out of the group's tables. What follows for the group is the caller's. */
export function removeMember(group: Group, member: Member): void {
  group.members.delete(member.memberId);
  if (member.groupInstanceId !== null && group.staticMembers.get(member.groupInstanceId) === member.memberId) {
    group.staticMembers.delete(member.groupInstanceId);
  }
  if (group.leaderId === member.memberId) group.leaderId = group.members.keys().next().value ?? null;
}

/** Removes a member and lets the others know: a rebalance, or one member less to wait for. */
export function removeAndRebalance(
  group: Group,
  member: Member,
  limits: GroupLimits,
  nowMs: number,
  effects: Effects,
): void {
  if (member.awaitingJoin)
    effects.answer(member.awaitingJoin, refusedJoin(errorCode.UNKNOWN_MEMBER_ID, member.memberId));
  if (member.awaitingSync) effects.answer(member.awaitingSync, refusedSync(errorCode.UNKNOWN_MEMBER_ID));
  member.awaitingJoin = undefined;
  member.awaitingSync = undefined;
  removeMember(group, member);
  if (group.phase === 'Stable' || group.phase === 'CompletingRebalance')
    prepareRebalance(group, limits, nowMs, effects);
  maybeCompleteJoin(group, limits, nowMs, effects);
}
