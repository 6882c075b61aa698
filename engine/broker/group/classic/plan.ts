import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { GroupLimits } from '../group-limits.ts';
import type { Membership } from '../stored-group.ts';
import type { Answer, GroupPhase, Member, Round } from './round.ts';

/** When each member is given up unless it is heard of, on the monotonic clock; not looked at while a member waits. */
export type Sessions = ReadonlyMap<string, number>;

/** A group as a plan sees it: what is stored of it, and its round. */
export interface ClassicView {
  readonly round: Round;
  readonly membership: Membership | undefined;
  readonly sessions: Sessions;
}

/** What plans are made by besides the group: bounds, and the time on the monotonic clock. */
export interface PlanContext {
  readonly limits: GroupLimits;
  readonly nowMs: number;
}

/** A membership to write, and what is planned once it is known what became of it: NONE after it was applied. Undefined: nothing. */
export interface MembershipWrite {
  readonly membership: Membership;
  readonly settled: ((view: ClassicView, context: PlanContext, code: ErrorCode) => ClassicPlan | undefined) | undefined;
}

/** What a command does to a group: its next round, answers that can go at once, a record that has to be written first for others. */
export interface ClassicPlan {
  readonly round: Round;
  /** Members whose session starts anew. */
  readonly alive: ReadonlySet<string>;
  readonly answers: readonly (() => void)[];
  readonly write: MembershipWrite | undefined;
}

/** The next round while it is being planned: a copy that nobody else sees. Commands and their parts change it in turn. */
export class Draft {
  readonly context: PlanContext;
  phase: GroupPhase;
  protocolType: string | null;
  protocolName: string | null;
  generationId: number;
  leaderId: string | null;
  rebalanceDeadlineMs: number;
  syncDeadlineMs: number;
  hasAssignments: boolean;
  readonly members: Map<string, Member>;
  readonly staticMembers: Map<string, string>;
  readonly pendingMembers: Map<string, number>;
  readonly membership: Membership | undefined;
  readonly #alive = new Set<string>();
  readonly #answers: (() => void)[] = [];
  #write: MembershipWrite | undefined;

  constructor({ round, membership }: ClassicView, context: PlanContext) {
    this.context = context;
    this.membership = membership;
    this.phase = round.phase;
    this.protocolType = round.protocolType;
    this.protocolName = round.protocolName;
    this.generationId = round.generationId;
    this.leaderId = round.leaderId;
    this.rebalanceDeadlineMs = round.rebalanceDeadlineMs;
    this.syncDeadlineMs = round.syncDeadlineMs;
    this.hasAssignments = round.hasAssignments;
    this.members = new Map(round.members);
    this.staticMembers = new Map(round.staticMembers);
    this.pendingMembers = new Map(round.pendingMembers);
  }

  /** Changes a member, or puts it in. */
  put(member: Member): void {
    this.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId);
  }

  /** The member is heard of: its session starts anew. */
  heard(memberId: string): void {
    this.#alive.add(memberId);
  }

  wasHeard(memberId: string): boolean {
    return this.#alive.has(memberId);
  }

  /** Sends `value` as the answer of a waiting request. */
  answer<T>(answer: Answer<T>, value: T): void {
    this.#answers.push(() => answer(value));
  }

  write(write: MembershipWrite): void {
    this.#write = write;
  }

  get plan(): ClassicPlan {
    const { phase, protocolType, protocolName, generationId, leaderId } = this;
    const { members, staticMembers, pendingMembers, rebalanceDeadlineMs, syncDeadlineMs, hasAssignments } = this;
    const round: Round = {
      phase,
      protocolType,
      protocolName,
      generationId,
      leaderId,
      members,
      staticMembers,
      pendingMembers,
      rebalanceDeadlineMs,
      syncDeadlineMs,
      hasAssignments,
    };
    return { round, alive: this.#alive, answers: this.#answers, write: this.#write };
  }
}
