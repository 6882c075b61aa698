import type { ErrorCode } from '../../protocol/error-codes.ts';
import type { Int64 } from '../../protocol/int64.ts';

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

export interface Member {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly Protocol[];
  assignment: Buffer;
  /** When the member is given up, on the monotonic clock; not looked at while it waits for an answer of ours. */
  sessionDeadlineMs: number;
  awaitingJoin: Answer<JoinAnswer> | undefined;
  awaitingSync: Answer<SyncAnswer> | undefined;
}

/** A committed offset with the place of its record in `__consumer_offsets`: of two records the later one holds. */
export interface CommittedOffset {
  readonly offset: Int64;
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  readonly recordOffset: number;
}

/** A consumer group under the classic protocol. Owned by its coordinator; the functions of this folder change it in place and return effects. */
export interface Group {
  readonly groupId: string;
  phase: GroupPhase;
  protocolType: string | null;
  protocolName: string | null;
  generationId: number;
  leaderId: string | null;
  /** In order of joining. */
  readonly members: Map<string, Member>;
  /** Member id by group.instance.id (KIP-345). */
  readonly staticMembers: Map<string, string>;
  /** Ids given out that have not joined yet (KIP-394), with the time at which they are forgotten. */
  readonly pendingMembers: Map<string, number>;
  /** By topic, then by partition. */
  readonly offsets: Map<string, Map<number, CommittedOffset>>;
  /** End of the wait for members to join, in PreparingRebalance. */
  rebalanceDeadlineMs: number;
  /** In CompletingRebalance the end of the wait for members to sync, then for the leader's assignments to be written. */
  syncDeadlineMs: number;
  /** Whether the leader of this generation has handed in the assignments. */
  hasAssignments: boolean;
}

/** Bounds of the group protocol; names of the broker settings in brackets. */
export interface GroupLimits {
  /** group.min.session.timeout.ms */
  readonly sessionTimeoutMsMin: number;
  /** group.max.session.timeout.ms */
  readonly sessionTimeoutMsMax: number;
  /** group.max.size */
  readonly membersMax: number;
  /** group.initial.rebalance.delay.ms */
  readonly initialRebalanceDelayMs: number;
  /** offset.metadata.max.bytes */
  readonly metadataBytesMax: number;
}

/** A group that nobody has joined yet. */
export function emptyGroup(groupId: string): Group {
  return {
    groupId,
    phase: 'Empty',
    protocolType: null,
    protocolName: null,
    generationId: 0,
    leaderId: null,
    members: new Map(),
    staticMembers: new Map(),
    pendingMembers: new Map(),
    offsets: new Map(),
    rebalanceDeadlineMs: Number.POSITIVE_INFINITY,
    syncDeadlineMs: Number.POSITIVE_INFINITY,
    hasAssignments: false,
  };
}

/** Names of the protocols that every member supports, in the order of the first member's preference. */
export function commonProtocols(group: Group): string[] {
  const [first, ...others] = [...group.members.values()];
  if (!first) return [];
  const names = first.protocols.map((protocol) => protocol.name);
  return names.filter((name) => others.every((member) => member.protocols.some((protocol) => protocol.name === name)));
}

/** Whether a member with these protocols can be in the group. */
export function supportsProtocols(group: Group, protocolType: string, protocols: readonly Protocol[]): boolean {
  if (protocolType === '' || protocols.length === 0) return false;
  if (group.members.size === 0) return true;
  const common = new Set(commonProtocols(group));
  return group.protocolType === protocolType && protocols.some((protocol) => common.has(protocol.name));
}

/** The protocol that most members prefer among those that all support; ties go to the one preferred first. */
export function electProtocol(group: Group): string {
  const common = commonProtocols(group);
  const votes = new Map(common.map((name) => [name, 0]));
  for (const member of group.members.values()) {
    const choice = member.protocols.find((protocol) => votes.has(protocol.name));
    if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  return common.reduce(
    (best, name) => ((votes.get(name) ?? 0) > (votes.get(best) ?? 0) ? name : best),
    common[0] ?? '',
  );
}

/** A member's data for the group's protocol. */
export function metadataOf(member: Member, protocolName: string | null): Buffer {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? Buffer.alloc(0);
}

/** Whether the member has offered exactly these protocols before. */
export function hasSameProtocols(member: Member, protocols: readonly Protocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((known, index) => {
      const offered = protocols[index];
      return offered?.name === known.name && offered.metadata.equals(known.metadata);
    })
  );
}

/** Puts the end of the member's session one timeout from now. */
export function refreshSession(member: Member, nowMs: number): void {
  member.sessionDeadlineMs = nowMs + member.sessionTimeoutMs;
}
