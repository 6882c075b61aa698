import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { Membership } from '../stored-group.ts';

/** States of a classic group, spelled as Kafka shows them. */
export type GroupPhase = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/** A name of an assignor and the member's data for it; opaque to the broker. */
export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** What a join ends with. */
export interface JoinAnswer {
  readonly errorCode: ErrorCode;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

/** What a sync ends with. */
export interface SyncAnswer {
  readonly errorCode: ErrorCode;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

/** Takes the answer to a waiting request; called once. */
export type Answer<T> = (answer: T) => void;

/** A member as it takes part in the round: what it asked for, and which of its requests wait. Its assignment is in what is stored. */
export interface Member {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly Protocol[];
  readonly awaitingJoin: Answer<JoinAnswer> | undefined;
  readonly awaitingSync: Answer<SyncAnswer> | undefined;
}

/**
 * Where a group stands between two records: who negotiates the next generation and how far they are. Soft: a new coordinator
 * starts from what is stored (`roundFrom`), and whoever was in the middle of something is sent back to join. A value; the plans of
 * this folder make the next one.
 */
export interface Round {
  readonly phase: GroupPhase;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  /** Ahead of what is stored from the end of the joins until the assignments are written. */
  readonly generationId: number;
  readonly leaderId: string | null;
  /** In order of joining. */
  readonly members: ReadonlyMap<string, Member>;
  /** Member id by group.instance.id (KIP-345). */
  readonly staticMembers: ReadonlyMap<string, string>;
  /** Ids given out that have not joined yet (KIP-394), with the time at which they are forgotten, on the monotonic clock. */
  readonly pendingMembers: ReadonlyMap<string, number>;
  /** End of the wait for members to join, in PreparingRebalance. */
  readonly rebalanceDeadlineMs: number;
  /** In CompletingRebalance the end of the wait for members to sync, then for the leader's assignments to be written. */
  readonly syncDeadlineMs: number;
  /** Whether the leader of this generation has handed in the assignments. */
  readonly hasAssignments: boolean;
}

/** The round of a group that nobody has joined yet. */
export const emptyRound: Round = {
  phase: 'Empty',
  protocolType: null,
  protocolName: null,
  generationId: 0,
  leaderId: null,
  members: new Map(),
  staticMembers: new Map(),
  pendingMembers: new Map(),
  rebalanceDeadlineMs: Number.POSITIVE_INFINITY,
  syncDeadlineMs: Number.POSITIVE_INFINITY,
  hasAssignments: false,
};

/** The round of a group whose coordinator has just read it back: stable with the members that are stored, or empty. */
export function roundFrom(membership: Membership | undefined): Round {
  if (!membership) return emptyRound;
  const { generationId, protocolType, protocolName, leaderId } = membership;
  const members = membership.members.map(
    ({
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      subscription,
    }): Member => ({
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocols: protocolName === null ? [] : [{ name: protocolName, metadata: subscription }],
      awaitingJoin: undefined,
      awaitingSync: undefined,
    }),
  );
  return {
    ...emptyRound,
    phase: members.length ? 'Stable' : 'Empty',
    generationId,
    protocolType,
    protocolName,
    leaderId,
    members: new Map(members.map((member) => [member.memberId, member])),
    staticMembers: new Map(
      members.flatMap(({ groupInstanceId, memberId }) =>
        groupInstanceId === null ? [] : [[groupInstanceId, memberId]],
      ),
    ),
  };
}

/** Whether a member waits for an answer of ours: its session does not run meanwhile. */
export function isWaiting({ awaitingJoin, awaitingSync }: Member): boolean {
  return awaitingJoin !== undefined || awaitingSync !== undefined;
}

/** A member's data for the group's protocol. */
export function metadataOf(member: Member, protocolName: string | null): Buffer {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? Buffer.alloc(0);
}
