/** Partitions of topics, by topic id. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>;

/** Partitions that a member owns, by topic id, each with the epoch in which it was given to the member (KIP-1251). */
export type OwnedPartitions = ReadonlyMap<string, ReadonlyMap<number, number>>;

export const noAssignment: Assignment = new Map();
export const nothingOwned: OwnedPartitions = new Map();

/** Where a member stands on the way to its target, by Kafka's numbers. */
export const memberStates = { stable: 0, unrevoked: 1, unreleased: 2 } as const;
export type MemberState = (typeof memberStates)[keyof typeof memberStates];

/** Epochs with a meaning of their own. */
export const joiningEpoch = 0;
export const leavingEpoch = -1;
export const staticLeavingEpoch = -2;

/** Who takes part by the classic protocol in a group of the consumer protocol. */
export interface ClassicTraits {
  readonly sessionTimeoutMs: number;
  /** Never empty. */
  readonly protocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

/** A member: what it said of itself, and what it has. */
export interface ConsumerMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** In order, each once. */
  readonly topicNames: readonly string[];
  /** RE2's syntax; empty or null: none. */
  readonly topicRegex: string | null;
  /** -1 where nobody has said one. */
  readonly rebalanceTimeoutMs: number;
  readonly serverAssignor: string | null;
  readonly classic: ClassicTraits | null;
  readonly epoch: number;
  readonly previousEpoch: number;
  readonly state: MemberState;
  readonly owned: OwnedPartitions;
  /** Still read by the member, until it says that it has let go. */
  readonly revoking: OwnedPartitions;
}

/** The topics that a regular expression stood for when it was last looked at. */
export interface ResolvedRegex {
  readonly topics: ReadonlySet<string>;
  /** Offset of the metadata that it was resolved with. */
  readonly version: number;
  readonly timestampMs: number;
}

/** What the records of a group of the consumer protocol say (KIP-848). `applyConsumerRecord` alone writes it. */
export interface ConsumerGroup {
  readonly epoch: number;
  /** Of the topics that are subscribed to: another one means that they have changed. */
  readonly metadataHash: number;
  /** The group epoch for which the targets were made; -1: none yet. */
  readonly assignmentEpoch: number;
  readonly members: ReadonlyMap<string, ConsumerMember>;
  /** Member id by group.instance.id. */
  readonly staticMembers: ReadonlyMap<string, string>;
  readonly targets: ReadonlyMap<string, Assignment>;
  readonly regexes: ReadonlyMap<string, ResolvedRegex>;
  /** Member id by partition of all that is owned or not yet let go, by topic id. */
  readonly owners: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

/** A member that has said nothing yet. */
export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    topicNames: [],
    topicRegex: null,
    rebalanceTimeoutMs: -1,
    serverAssignor: null,
    classic: null,
    epoch: 0,
    previousEpoch: 0,
    state: memberStates.stable,
    owned: nothingOwned,
    revoking: nothingOwned,
  };
}

/** Whether a member has all of the target of this epoch, and nothing else. */
export function isReconciledTo({ state, epoch }: ConsumerMember, assignmentEpoch: number): boolean {
  return state === memberStates.stable && epoch === assignmentEpoch;
}

export function stateOf({ members, epoch, assignmentEpoch }: ConsumerGroup): ConsumerGroupState {
  if (members.size === 0) return 'Empty';
  if (epoch > assignmentEpoch) return 'Assigning';
  for (const member of members.values()) if (!isReconciledTo(member, assignmentEpoch)) return 'Reconciling';
  return 'Stable';
}
