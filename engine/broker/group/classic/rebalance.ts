import { errorCode } from '../../../protocol/error-codes.ts';
import type { ClassicPlan, ClassicView, PlanContext } from './plan.ts';
import { Draft } from './plan.ts';
import { electProtocol } from './protocols.ts';
import type { JoinAnswer, Member, SyncAnswer } from './round.ts';
import { metadataOf } from './round.ts';

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
export function joinedAnswer(draft: Draft, memberId: string): JoinAnswer {
  const { generationId, protocolType, protocolName, leaderId, members } = draft;
  return {
    errorCode: errorCode.NONE,
    memberId,
    generationId,
    protocolType,
    protocolName,
    leader: leaderId ?? '',
    skipAssignment: false,
    members:
      leaderId === memberId
        ? [...members.values()].map((other) => ({
            memberId: other.memberId,
            groupInstanceId: other.groupInstanceId,
            metadata: metadataOf(other, protocolName),
          }))
        : [],
  };
}

/** Starts a rebalance: whoever waits for an assignment is sent back to join, everyone else learns it by heartbeat. */
export function prepareRebalance(draft: Draft): void {
  const { nowMs, limits } = draft.context;
  const wasEmpty = draft.phase === 'Empty';
  for (const member of [...draft.members.values()]) {
    if (!member.awaitingSync) continue;
    draft.answer(member.awaitingSync, refusedSync(errorCode.REBALANCE_IN_PROGRESS));
    draft.put({ ...member, awaitingSync: undefined });
    draft.heard(member.memberId);
  }
  draft.phase = 'PreparingRebalance';
  draft.syncDeadlineMs = Number.POSITIVE_INFINITY;
  const timeoutMs = Math.max(0, ...[...draft.members.values()].map((member) => member.rebalanceTimeoutMs));
  draft.rebalanceDeadlineMs = nowMs + (wasEmpty ? Math.min(limits.initialRebalanceDelayMs, timeoutMs) : timeoutMs);
}

/** A rebalance that no member has asked for. */
export function planRebalance(view: ClassicView, context: PlanContext): ClassicPlan {
  const draft = new Draft(view, context);
  prepareRebalance(draft);
  return draft.plan;
}

/** Ends the wait for joins when nobody is missing. A first rebalance waits out its initial delay all the same. */
export function maybeCompleteJoin(draft: Draft): void {
  if (draft.phase !== 'PreparingRebalance') return;
  const everyoneJoined = [...draft.members.values()].every((member) => member.awaitingJoin);
  const isFirst = draft.generationId === 0 && draft.context.limits.initialRebalanceDelayMs > 0;
  if (everyoneJoined && draft.pendingMembers.size === 0 && !isFirst) completeJoin(draft);
}

/** Makes the next generation of those who joined; dynamic members that did not come back are gone, static ones stay until their session ends. */
export function completeJoin(draft: Draft): void {
  for (const member of [...draft.members.values()]) {
    if (!member.awaitingJoin && member.groupInstanceId === null) removeMember(draft, member);
  }
  draft.generationId += 1;
  draft.hasAssignments = false;
  draft.rebalanceDeadlineMs = Number.POSITIVE_INFINITY;
  if (draft.members.size === 0) return becomeEmpty(draft);
  draft.phase = 'CompletingRebalance';
  draft.protocolName = electProtocol(draft);
  const leader = draft.members.get(draft.leaderId ?? '');
  if (!leader?.awaitingJoin) {
    const joined = [...draft.members.values()].find((member) => member.awaitingJoin);
    draft.leaderId = (joined ?? [...draft.members.values()][0])?.memberId ?? null;
  }
  const timeoutMs = Math.max(...[...draft.members.values()].map((member) => member.rebalanceTimeoutMs));
  draft.syncDeadlineMs = draft.context.nowMs + timeoutMs;
  for (const member of [...draft.members.values()]) {
    if (!member.awaitingJoin) continue;
    draft.answer(member.awaitingJoin, joinedAnswer(draft, member.memberId));
    draft.put({ ...member, awaitingJoin: undefined });
    draft.heard(member.memberId);
  }
}

/** The generation without members is written, so that the next coordinator does not wait for those of the last one. */
function becomeEmpty(draft: Draft): void {
  draft.phase = 'Empty';
  draft.protocolName = null;
  draft.leaderId = null;
  const { generationId, protocolType } = draft;
  draft.write({
    membership: { generationId, protocolType, protocolName: null, leaderId: null, members: [] },
    settled: undefined,
  });
}

/** Takes a member out of the group's tables. What follows for the group is the caller's. */
export function removeMember(draft: Draft, member: Member): void {
  draft.members.delete(member.memberId);
  if (member.groupInstanceId !== null && draft.staticMembers.get(member.groupInstanceId) === member.memberId) {
    draft.staticMembers.delete(member.groupInstanceId);
  }
  if (draft.leaderId === member.memberId) draft.leaderId = draft.members.keys().next().value ?? null;
}

/** Removes a member and lets the others know: a rebalance, or one member less to wait for. */
export function removeAndRebalance(draft: Draft, member: Member): void {
  if (member.awaitingJoin) draft.answer(member.awaitingJoin, refusedJoin(errorCode.UNKNOWN_MEMBER_ID, member.memberId));
  if (member.awaitingSync) draft.answer(member.awaitingSync, refusedSync(errorCode.UNKNOWN_MEMBER_ID));
  removeMember(draft, member);
  if (draft.phase === 'Stable' || draft.phase === 'CompletingRebalance') prepareRebalance(draft);
  maybeCompleteJoin(draft);
}
