import type { Assignment, ConsumerMember, ResolvedRegex } from './consumer-group.ts';

/** What a member said of itself: a member without what it has. */
export type MemberTraits = Omit<ConsumerMember, 'epoch' | 'previousEpoch' | 'state' | 'owned' | 'revoking'>;

/** What a member has. */
export type MemberHoldings = Pick<ConsumerMember, 'epoch' | 'previousEpoch' | 'state' | 'owned' | 'revoking'>;

/** The epoch of a group; null: the group is no more. */
export interface ConsumerEpochRecord {
  readonly kind: 'consumer-epoch';
  readonly groupId: string;
  readonly value: { readonly epoch: number; readonly metadataHash: number } | null;
}

/** The topics of a group in the form that Kafka wrote before 4.1: it is read as nothing, and only ever deleted. */
export interface ConsumerTopicsRecord {
  readonly kind: 'consumer-topics';
  readonly groupId: string;
}

export interface ConsumerMemberRecord {
  readonly kind: 'consumer-member';
  readonly groupId: string;
  readonly memberId: string;
  readonly value: MemberTraits | null;
}

export interface ConsumerTargetEpochRecord {
  readonly kind: 'consumer-target-epoch';
  readonly groupId: string;
  readonly value: { readonly assignmentEpoch: number; readonly timestampMs: number } | null;
}

export interface ConsumerTargetRecord {
  readonly kind: 'consumer-target';
  readonly groupId: string;
  readonly memberId: string;
  readonly value: Assignment | null;
}

export interface ConsumerCurrentRecord {
  readonly kind: 'consumer-current';
  readonly groupId: string;
  readonly memberId: string;
  readonly value: MemberHoldings | null;
}

export interface ConsumerRegexRecord {
  readonly kind: 'consumer-regex';
  readonly groupId: string;
  readonly regex: string;
  readonly value: ResolvedRegex | null;
}

/** What a record of `__consumer_offsets` says of a group of the consumer protocol. */
export type ConsumerRecord =
  | ConsumerEpochRecord
  | ConsumerTopicsRecord
  | ConsumerMemberRecord
  | ConsumerTargetEpochRecord
  | ConsumerTargetRecord
  | ConsumerCurrentRecord
  | ConsumerRegexRecord;
