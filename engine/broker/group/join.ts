import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Effects } from './effects.ts';
import type { Answer, Group, GroupLimits, JoinAnswer, Member, Protocol } from './group.ts';
import { electProtocol, hasSameProtocols, refreshSession, supportsProtocols } from './group.ts';
import { refusalOfClaim } from './member-check.ts';
import { joinedAnswer, maybeCompleteJoin, prepareRebalance, refusedJoin, removeMember } from './rebalance.ts';

/** A member wants in, or back in. */
export interface JoinCommand {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** The id that the member gets when it brings none. */
  readonly newMemberId: string;
  /** JoinGroup 4+ from a dynamic member: it must come back with the id that it is given (KIP-394). */
  readonly requiresKnownMemberId: boolean;
  /** JoinGroup 9+: a leader can be told that its group has an assignment (KIP-814). */
  readonly canSkipAssignment: boolean;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
}

/** A join with all that it is decided on. */
interface Joining {
  readonly group: Group;
  readonly command: JoinCommand;
  readonly limits: GroupLimits;
  readonly nowMs: number;
  readonly answer: Answer<JoinAnswer>;
  readonly effects: Effects;
}

/** JoinGroup of the classic protocol (KIP-62, 345, 394). `answer` may be called by a later command. */
export function join(joining: Joining): void {
  const { group, command, answer, effects } = joining;
  const refusal = refusalOfJoin(joining);
  if (refusal !== undefined) return effects.answer(answer, refusedJoin(refusal, command.memberId));
  if (command.memberId === '') return joinUnknown(joining);
  if (group.pendingMembers.has(command.memberId) && command.groupInstanceId === null) {
    group.pendingMembers.delete(command.memberId);
    return addMember(joining, command.memberId);
  }
  const claimRefusal = refusalOfClaim(group, command);
  const member = group.members.get(command.memberId);
  if (claimRefusal !== undefined || !member) {
    return effects.answer(answer, refusedJoin(claimRefusal ?? errorCode.UNKNOWN_MEMBER_ID, command.memberId));
  }
  rejoin(joining, member);
}

function refusalOfJoin({ group, command, limits }: Joining): ErrorCode | undefined {
  if (group.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (command.sessionTimeoutMs < limits.sessionTimeoutMsMin || command.sessionTimeoutMs > limits.sessionTimeoutMsMax) {
    return errorCode.INVALID_SESSION_TIMEOUT;
  }
  const others = group.members.size - (group.members.has(command.memberId) ? 1 : 0);
  if (!supportsProtocols(group, command.protocolType, command.protocols)) return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (others + group.pendingMembers.size >= limits.membersMax && !group.members.has(command.memberId)) {
    return errorCode.GROUP_MAX_SIZE_REACHED;
  }
  return undefined;
}

function joinUnknown(joining: Joining): void {
  const { group, command, answer, effects, nowMs } = joining;
  const taken = command.groupInstanceId === null ? undefined : group.staticMembers.get(command.groupInstanceId);
  const previous = taken === undefined ? undefined : group.members.get(taken);
  if (previous) return replaceStatic(joining, previous);
  if (command.groupInstanceId === null && command.requiresKnownMemberId) {
    group.pendingMembers.set(command.newMemberId, nowMs + command.sessionTimeoutMs);
    return effects.answer(answer, refusedJoin(errorCode.MEMBER_ID_REQUIRED, command.newMemberId));
  }
  addMember(joining, command.newMemberId);
}

function newMember({ command, nowMs }: Joining, memberId: string): Member {
  const member: Member = {
    memberId,
    groupInstanceId: command.groupInstanceId,
    clientId: command.clientId,
    clientHost: command.clientHost,
    sessionTimeoutMs: command.sessionTimeoutMs,
    rebalanceTimeoutMs: command.rebalanceTimeoutMs,
    protocols: command.protocols,
    assignment: Buffer.alloc(0),
    sessionDeadlineMs: 0,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  };
  refreshSession(member, nowMs);
  return member;
}

function addMember(joining: Joining, memberId: string): void {
  const { group, command, limits, nowMs, answer, effects } = joining;
  const member = newMember(joining, memberId);
  member.awaitingJoin = answer;
  group.members.set(memberId, member);
  if (member.groupInstanceId !== null) group.staticMembers.set(member.groupInstanceId, memberId);
  group.protocolType ??= command.protocolType;
  if (group.members.size === 1) group.protocolType = command.protocolType;
  group.leaderId ??= memberId;
  if (group.phase !== 'PreparingRebalance') prepareRebalance(group, limits, nowMs, effects);
  maybeCompleteJoin(group, limits, nowMs, effects);
}

function updateMember({ command, nowMs }: Joining, member: Member): void {
  member.protocols = command.protocols;
  member.sessionTimeoutMs = command.sessionTimeoutMs;
  member.rebalanceTimeoutMs = command.rebalanceTimeoutMs;
  member.clientId = command.clientId;
  member.clientHost = command.clientHost;
  refreshSession(member, nowMs);
}

/** Lets the member wait for the rebalance; an older join of it that still waits is answered, as its connection has given it up. */
function awaitJoin(joining: Joining, member: Member): void {
  const { group, limits, nowMs, answer, effects } = joining;
  if (member.awaitingJoin)
    effects.answer(member.awaitingJoin, refusedJoin(errorCode.REBALANCE_IN_PROGRESS, member.memberId));
  updateMember(joining, member);
  member.awaitingJoin = answer;
  if (group.phase !== 'PreparingRebalance') prepareRebalance(group, limits, nowMs, effects);
  maybeCompleteJoin(group, limits, nowMs, effects);
}

function rejoin(joining: Joining, member: Member): void {
  const { group, command, answer, effects, nowMs } = joining;
  const unchanged = hasSameProtocols(member, command.protocols);
  const isLeader = group.leaderId === member.memberId;
  const keepsGeneration =
    group.phase === 'CompletingRebalance' ? unchanged : group.phase === 'Stable' && unchanged && !isLeader;
  if (!keepsGeneration) return awaitJoin(joining, member);
  refreshSession(member, nowMs);
  effects.answer(answer, joinedAnswer(group, member));
}

/**
 * A static member came back without its id (KIP-345): it takes the place of its former self, which is fenced. A stable group
 * whose protocol stays the same is not rebalanced.
 */
function replaceStatic(joining: Joining, previous: Member): void {
  const { group, command, answer, effects } = joining;
  const wasLeader = group.leaderId === previous.memberId;
  if (previous.awaitingJoin)
    effects.answer(previous.awaitingJoin, refusedJoin(errorCode.FENCED_INSTANCE_ID, previous.memberId));
  if (previous.awaitingSync) {
    effects.answer(previous.awaitingSync, {
      errorCode: errorCode.FENCED_INSTANCE_ID,
      protocolType: null,
      protocolName: null,
      assignment: Buffer.alloc(0),
    });
  }
  removeMember(group, previous);
  const member = newMember(joining, command.newMemberId);
  member.assignment = previous.assignment;
  group.members.set(member.memberId, member);
  if (member.groupInstanceId !== null) group.staticMembers.set(member.groupInstanceId, member.memberId);
  if (wasLeader) group.leaderId = member.memberId;
  if (group.phase === 'Stable' && electProtocol(group) === group.protocolName) {
    effects.persist(group);
    effects.answer(answer, returningAnswer(joining, member, previous, wasLeader));
    return;
  }
  awaitJoin(joining, member);
}

/**
 * A static member is back in a stable group. If it leads, the group has its assignment already: it is told so (KIP-814), or, where
 * its version has no word for it, answered as a follower of its former self.
 */
function returningAnswer(
  { group, command }: Joining,
  member: Member,
  previous: Member,
  wasLeader: boolean,
): JoinAnswer {
  const joined = joinedAnswer(group, member);
  if (!wasLeader) return joined;
  if (command.canSkipAssignment) return { ...joined, skipAssignment: true };
  return { ...joined, leader: previous.memberId, members: [] };
}
