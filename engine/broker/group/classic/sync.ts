import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Membership } from '../stored-group.ts';
import { memberOfGeneration } from './member-check.ts';
import type { ClassicPlan, ClassicView, PlanContext } from './plan.ts';
import { Draft } from './plan.ts';
import { prepareRebalance, refusedSync } from './rebalance.ts';
import type { Answer, SyncAnswer } from './round.ts';
import { metadataOf } from './round.ts';

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

/** A member's part as it is stored: nobody is told an assignment that the next coordinator would not know. */
function syncedAnswer({ protocolType, protocolName, membership }: Draft, memberId: string): SyncAnswer {
  const stored = membership?.members.find((member) => member.memberId === memberId);
  return {
    errorCode: errorCode.NONE,
    protocolType,
    protocolName,
    assignment: stored?.assignment ?? Buffer.alloc(0),
  };
}

function refusalOfSync(draft: Draft, command: SyncCommand): ErrorCode | undefined {
  if (command.protocolType !== null && command.protocolType !== draft.protocolType)
    return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (command.protocolName !== null && command.protocolName !== draft.protocolName)
    return errorCode.INCONSISTENT_GROUP_PROTOCOL;
  if (draft.phase === 'Empty') return errorCode.UNKNOWN_MEMBER_ID;
  if (draft.phase === 'PreparingRebalance') return errorCode.REBALANCE_IN_PROGRESS;
  return undefined;
}

/** SyncGroup of the classic protocol. The leader's assignments are written before anybody gets one: see `completeSync`. */
export function planSync(
  view: ClassicView,
  context: PlanContext,
  command: SyncCommand,
  answer: Answer<SyncAnswer>,
): ClassicPlan {
  const draft = new Draft(view, context);
  sync(draft, command, answer);
  return draft.plan;
}

function sync(draft: Draft, command: SyncCommand, answer: Answer<SyncAnswer>): void {
  const found = memberOfGeneration(draft, command, command.generationId);
  if ('refusal' in found) return draft.answer(answer, refusedSync(found.refusal));
  const refusal = refusalOfSync(draft, command);
  if (refusal !== undefined) return draft.answer(answer, refusedSync(refusal));
  const { member } = found;
  draft.heard(member.memberId);
  if (draft.phase === 'Stable') return draft.answer(answer, syncedAnswer(draft, member.memberId));
  if (member.awaitingSync) draft.answer(member.awaitingSync, refusedSync(errorCode.REBALANCE_IN_PROGRESS));
  draft.put({ ...member, awaitingSync: answer });
  if (member.memberId !== draft.leaderId) return;
  draft.hasAssignments = true;
  draft.syncDeadlineMs = draft.context.nowMs + assignmentWriteMsMax;
  const { generationId } = draft;
  draft.write({
    membership: assigned(draft, command),
    settled: (view, context, code) => planCompleteSync(view, context, { generationId, code }),
  });
}

/** The generation of the round with the parts that its leader gave. */
function assigned(draft: Draft, { assignments }: SyncCommand): Membership {
  const given = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  const { generationId, protocolType, protocolName, leaderId } = draft;
  const members = [...draft.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    sessionTimeoutMs: member.sessionTimeoutMs,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    subscription: metadataOf(member, protocolName),
    assignment: given.get(member.memberId) ?? Buffer.alloc(0),
  }));
  return { generationId, protocolType, protocolName, leaderId, members };
}

/** What became of the assignments of a generation. */
export interface SyncOutcome {
  readonly generationId: number;
  readonly code: ErrorCode;
}

/** The leader's assignments are written, or could not be. Undefined, nothing to do, when the group has moved on meanwhile. */
export function planCompleteSync(
  view: ClassicView,
  context: PlanContext,
  { generationId, code }: SyncOutcome,
): ClassicPlan | undefined {
  if (view.round.phase !== 'CompletingRebalance' || view.round.generationId !== generationId) return undefined;
  const draft = new Draft(view, context);
  completeSync(draft, code);
  return draft.plan;
}

/** Ends the wait for the assignments with what became of them; whoever could not get one is sent back to join. */
export function completeSync(draft: Draft, code: ErrorCode): void {
  if (code === errorCode.NONE) {
    draft.phase = 'Stable';
    draft.syncDeadlineMs = Number.POSITIVE_INFINITY;
  }
  for (const member of [...draft.members.values()]) {
    if (!member.awaitingSync) continue;
    const refused = code !== errorCode.NONE;
    draft.answer(member.awaitingSync, refused ? refusedSync(code) : syncedAnswer(draft, member.memberId));
    draft.put({ ...member, awaitingSync: undefined });
    draft.heard(member.memberId);
  }
  if (code !== errorCode.NONE) prepareRebalance(draft);
}
