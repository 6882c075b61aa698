import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Effects } from './effects.ts';
import type { Answer, Group, GroupLimits, Member, SyncAnswer } from './group.ts';
import { refreshSession } from './group.ts';
import { memberOfGeneration } from './member-check.ts';
import { prepareRebalance, refusedSync } from './rebalance.ts';

/**
 * Longest wait for the assignments to reach all in-sync replicas. Then the members are told to look for the coordinator anew:
 * this broker may be cut off from the others, who have made another one the coordinator, while its clients still reach it.
 */
const assignmentWriteMsMax = 5_000;

/** A member asks for its assignment; the leader brings everybody's. */
export interface SyncCommand {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
  /** Sent from version 5 on; null before. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}

function syncedAnswer(group: Group, member: Member): SyncAnswer {
  return {
    errorCode: errorCode.NONE,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  };
}

function refusalOfSync(group: Group, command: SyncCommand): ErrorCode | undefined {
  if (command.protocolType !== null && command.protocolType !== group.protocolType)
    return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (command.protocolName !== null && command.protocolName !== group.protocolName)
    return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (group.phase === 'Empty') return errorCode.UNKNOWN_MEMBER_ID;
  if (group.phase === 'PreparingRebalance') return errorCode.REBALANCE_IN_PROGRESS;
  return undefined;
}

/** SyncGroup of the classic protocol. The leader's assignments are written before anybody gets one: see `completeSync`. */
export function sync(
  group: Group,
  command: SyncCommand,
  nowMs: number,
  answer: Answer<SyncAnswer>,
  effects: Effects,
): void {
  const found = memberOfGeneration(group, command, command.generationId);
  if ('refusal' in found) return effects.answer(answer, refusedSync(found.refusal));
  const refusal = refusalOfSync(group, command);
  if (refusal !== undefined) return effects.answer(answer, refusedSync(refusal));
  const { member } = found;
  refreshSession(member, nowMs);
  if (group.phase === 'Stable') return effects.answer(answer, syncedAnswer(group, member));
  if (member.awaitingSync) effects.answer(member.awaitingSync, refusedSync(errorCode.REBALANCE_IN_PROGRESS));
  member.awaitingSync = answer;
  if (member.memberId !== group.leaderId) return;
  const given = new Map(command.assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  for (const other of group.members.values()) other.assignment = given.get(other.memberId) ?? Buffer.alloc(0);
  group.hasAssignments = true;
  group.syncDeadlineMs = nowMs + assignmentWriteMsMax;
  effects.persist(group);
}

/** The leader's assignments of `generationId` are written, or could not be. Nothing happens when the group has moved on meanwhile. */
export function completeSync(
  group: Group,
  outcome: { readonly generationId: number; readonly code: ErrorCode },
  limits: GroupLimits,
  nowMs: number,
  effects: Effects,
): void {
  if (group.phase !== 'CompletingRebalance' || group.generationId !== outcome.generationId) return;
  if (outcome.code === errorCode.NONE) {
    group.phase = 'Stable';
    group.syncDeadlineMs = Number.POSITIVE_INFINITY;
  }
  for (const member of group.members.values()) {
    if (!member.awaitingSync) continue;
    const refused = outcome.code !== errorCode.NONE;
    effects.answer(member.awaitingSync, refused ? refusedSync(outcome.code) : syncedAnswer(group, member));
    member.awaitingSync = undefined;
    refreshSession(member, nowMs);
  }
  if (outcome.code !== errorCode.NONE) prepareRebalance(group, limits, nowMs, effects);
}
