import type { Int64 } from '../../protocol/int64.ts';
import type { ConsumerGroup } from './consumer/consumer-group.ts';

/** A committed offset with the place of its record in `__consumer_offsets`: of two records the later one holds. */
export interface CommittedOffset {
  readonly offset: Int64;
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  readonly recordOffset: number;
}

/** Offsets by topic, then by partition. */
export type OffsetsByTopic = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>;

/** A member with what the leader of its generation gave it. */
export interface StoredMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** Its data for the group's protocol; opaque to the broker. */
  readonly subscription: Buffer;
  readonly assignment: Buffer;
}

/** The members of a generation, as one record says it. */
export interface Membership {
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  readonly members: readonly StoredMember[];
}

/**
 * What the records of a group say: all of it that outlives its coordinator. `applyRecord` alone writes it; everybody else sees
 * it through this type.
 */
export interface StoredGroup {
  readonly groupId: string;
  /** Undefined while nothing but offsets was written. */
  readonly membership: Membership | undefined;
  /** Wall-clock time of the membership's record, milliseconds since 1970; -1: unknown. */
  readonly membershipWrittenAtMs: number;
  /** A group of the consumer protocol; never beside a membership. */
  readonly consumer: ConsumerGroup | undefined;
  readonly offsets: OffsetsByTopic;
}

/** The groups of one partition of `__consumer_offsets`, by group id. */
export type StoredGroups = ReadonlyMap<string, StoredGroup>;
