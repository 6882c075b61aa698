import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Membership } from '../stored-group.ts';
import { refusalOfClaim } from './member-check.ts';
import type { ClassicPlan, ClassicView, PlanContext } from './plan.ts';
import { Draft } from './plan.ts';
import { electProtocol, hasSameProtocols, supportsProtocols } from './protocols.ts';
import {
  joinedAnswer,
  maybeCompleteJoin,
  prepareRebalance,
  refusedJoin,
  refusedSync,
  removeMember,
} from './rebalance.ts';
import type { Answer, JoinAnswer, Member, Protocol } from './round.ts';
import { metadataOf } from './round.ts';

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
  readonly draft: Draft;
  readonly command: JoinCommand;
  readonly answer: Answer<JoinAnswer>;
}

/** JoinGroup of the classic protocol (KIP-62, 345, 394). `answer` may be called by a later plan. */
export function planJoin(
  view: ClassicView,
  context: PlanContext,
  command: JoinCommand,
  answer: Answer<JoinAnswer>,
): ClassicPlan {
  const draft = new Draft(view, context);
  join({ draft, command, answer });
  return draft.plan;
}

function join(joining: Joining): void {
  const { draft, command, answer } = joining;
  const refusal = refusalOfJoin(joining);
  if (refusal !== undefined) return draft.answer(answer, refusedJoin(refusal, command.memberId));
  if (command.memberId === '') return joinUnknown(joining);
  if (draft.pendingMembers.has(command.memberId) && command.groupInstanceId === null) {
    draft.pendingMembers.delete(command.memberId);
    return addMember(joining, command.memberId);
  }
  const claimRefusal = refusalOfClaim(draft, command);
  const member = draft.members.get(command.memberId);
  if (claimRefusal !== undefined || !member) {
    return draft.answer(answer, refusedJoin(claimRefusal ?? errorCode.UNKNOWN_MEMBER_ID, command.memberId));
  }
  rejoin(joining, member);
}

function refusalOfJoin({ draft, command }: Joining): ErrorCode | undefined {
  const { limits } = draft.context;
  if (draft.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (command.sessionTimeoutMs < limits.sessionTimeoutMsMin || command.sessionTimeoutMs > limits.sessionTimeoutMsMax) {
    return errorCode.INVALID_SESSION_TIMEOUT;
  }
  const others = draft.members.size - (draft.members.has(command.memberId) ? 1 : 0);
  if (!supportsProtocols(draft, command.protocolType, command.protocols)) return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (others + draft.pendingMembers.size >= limits.membersMax && !draft.members.has(command.memberId)) {
    return errorCode.GROUP_MAX_SIZE_REACHED;
  }
  return undefined;
}

function joinUnknown(joining: Joining): void {
  const { draft, command, answer } = joining;
  const taken = command.groupInstanceId === null ? undefined : draft.staticMembers.get(command.groupInstanceId);
  const previous = taken === undefined ? undefined : draft.members.get(taken);
  if (previous) return replaceStatic(joining, previous);
  if (command.groupInstanceId === null && command.requiresKnownMemberId) {
    draft.pendingMembers.set(command.newMemberId, draft.context.nowMs + command.sessionTimeoutMs);
    return draft.answer(answer, refusedJoin(errorCode.MEMBER_ID_REQUIRED, command.newMemberId));
  }
  addMember(joining, command.newMemberId);
}

function newMember({ command }: Joining, memberId: string): Member {
  return {
    memberId,
    groupInstanceId: command.groupInstanceId,
    clientId: command.clientId,
    clientHost: command.clientHost,
    sessionTimeoutMs: command.sessionTimeoutMs,
    rebalanceTimeoutMs: command.rebalanceTimeoutMs,
    protocols: command.protocols,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  };
}

function addMember(joining: Joining, memberId: string): void {
  const { draft, command, answer } = joining;
  draft.put({ ...newMember(joining, memberId), awaitingJoin: answer });
  draft.heard(memberId);
  draft.protocolType ??= command.protocolType;
  if (draft.members.size === 1) draft.protocolType = command.protocolType;
  draft.leaderId ??= memberId;
  if (draft.phase !== 'PreparingRebalance') prepareRebalance(draft);
  maybeCompleteJoin(draft);
}

/** Lets the member wait for the rebalance; an older join of it that still waits is answered, as its connection has given it up. */
function awaitJoin(joining: Joining, member: Member): void {
  const { draft, command, answer } = joining;
  if (member.awaitingJoin)
    draft.answer(member.awaitingJoin, refusedJoin(errorCode.REBALANCE_IN_PROGRESS, member.memberId));
  draft.put({
    ...member,
    protocols: command.protocols,
    sessionTimeoutMs: command.sessionTimeoutMs,
    rebalanceTimeoutMs: command.rebalanceTimeoutMs,
    clientId: command.clientId,
    clientHost: command.clientHost,
    awaitingJoin: answer,
  });
  draft.heard(member.memberId);
  if (draft.phase !== 'PreparingRebalance') prepareRebalance(draft);
  maybeCompleteJoin(draft);
}

function rejoin(joining: Joining, member: Member): void {
  const { draft, command, answer } = joining;
  const unchanged = hasSameProtocols(member, command.protocols);
  const isLeader = draft.leaderId === member.memberId;
  const keepsGeneration =
    draft.phase === 'CompletingRebalance' ? unchanged : draft.phase === 'Stable' && unchanged && !isLeader;
  if (!keepsGeneration) return awaitJoin(joining, member);
  draft.heard(member.memberId);
  draft.answer(answer, joinedAnswer(draft, member.memberId));
}

/**
 * A static member came back without its id (KIP-345): it takes the place of its former self, which is fenced. A stable group
 * whose protocol stays the same is not rebalanced, if its new id can be written.
 */
function replaceStatic(joining: Joining, previous: Member): void {
  const { draft, command } = joining;
  const wasLeader = draft.leaderId === previous.memberId;
  if (previous.awaitingJoin)
    draft.answer(previous.awaitingJoin, refusedJoin(errorCode.FENCED_INSTANCE_ID, previous.memberId));
  if (previous.awaitingSync) draft.answer(previous.awaitingSync, refusedSync(errorCode.FENCED_INSTANCE_ID));
  removeMember(draft, previous);
  const member = newMember(joining, command.newMemberId);
  draft.put(member);
  draft.heard(member.memberId);
  if (wasLeader) draft.leaderId = member.memberId;
  const { membership } = draft;
  if (draft.phase !== 'Stable' || !membership || electProtocol(draft) !== draft.protocolName) {
    awaitJoin(joining, member);
    return;
  }
  writeReturn(joining, { member, previous, wasLeader, membership });
}

/** A static member that is back, in the place of `previous`. */
interface Return {
  readonly member: Member;
  readonly previous: Member;
  readonly wasLeader: boolean;
  readonly membership: Membership;
}

/**
 * The member is answered when its new id is written. What cannot be written is negotiated anew. If the others have begun to
 * rebalance meanwhile, it has joined that round and is answered at its end.
 */
function writeReturn({ draft, command, answer }: Joining, { member, previous, wasLeader, membership }: Return): void {
  const joined = returningAnswer(draft, command, member, previous, wasLeader);
  draft.put({ ...member, awaitingJoin: answer });
  const subscription = metadataOf(member, draft.protocolName);
  const { memberId, groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = member;
  const settings = { memberId, groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs };
  const members = membership.members.map((stored) =>
    stored.memberId === previous.memberId ? { ...settings, subscription, assignment: stored.assignment } : stored,
  );
  draft.write({
    membership: { ...membership, leaderId: draft.leaderId, members },
    settled: (view, context, code) => {
      const waiting = view.round.members.get(memberId);
      if (view.round.phase !== 'Stable' || !waiting || waiting.awaitingJoin !== answer) return undefined;
      const after = new Draft(view, context);
      after.put({ ...waiting, awaitingJoin: undefined });
      after.heard(memberId);
      after.answer(answer, code === errorCode.NONE ? joined : refusedJoin(code, memberId));
      if (code !== errorCode.NONE) prepareRebalance(after);
      return after.plan;
    },
  });
}

/**
 * A static member is back in a stable group. If it leads, the group has its assignment already: it is told so (KIP-814), or, where
 * its version has no word for it, answered as a follower of its former self.
 */
function returningAnswer(
  draft: Draft,
  command: JoinCommand,
  member: Member,
  previous: Member,
  wasLeader: boolean,
): JoinAnswer {
  const joined = joinedAnswer(draft, member.memberId);
  if (!wasLeader) return joined;
  if (command.canSkipAssignment) return { ...joined, skipAssignment: true };
  return { ...joined, leader: previous.memberId, members: [] };
}
