import type { PartitionCounts } from './assignors.ts';
import type { Subscription, TopicPartition } from './subscription.ts';

/** Who a member is now. */
export interface Membership {
  readonly memberId: string;
  /** The generation, or the member epoch in a group of the consumer protocol. */
  readonly generation: number;
}

/** A member of a group, whatever the protocol. */
export interface GroupMember {
  /** Who we are, for commits; undefined while we are no member. */
  readonly membership: Membership | undefined;
  /** Whether it assigns partitions for all. */
  readonly isLeader: boolean;
  /** Joined, and no other round wished for. */
  readonly isStable: boolean;
  start(): void;
  /** What is subscribed to has changed, or for a leader what there is of it. */
  rejoin(): void;
  /** What a commit or an offset fetch was told about our membership. */
  refused(code: number): void;
  /** Leaves the group, unless it is a static member's, and ends. What takes longer than the request timeout is given up. */
  close(): Promise<void>;
}

/** What a member asks of its owner, one call at a time, and tells it. */
export interface MemberOwner {
  /** What to subscribe to, and what is still owned. */
  subscription(): Omit<Subscription, 'generation' | 'userData'>;
  /** A rebalance has begun: give up what must be given up, settle and commit; joined is only afterwards. */
  beforeJoin(): Promise<void>;
  /** The partitions that are ours now; true asks for another round (something was given up that others wait for). */
  joined(partitions: readonly TopicPartition[], membership: Membership): Promise<boolean>;
  /** Membership ended without our doing: others may read the partitions by now. */
  lost(): void;
  /** For the leader: partitions of topics that any member wants. */
  partitionCounts(topics: readonly string[]): Promise<PartitionCounts>;
  /** Something went wrong that time may mend. */
  trouble(error: unknown, action: string): void;
  /** Nothing mends this: the member is out for good. */
  failed(error: unknown): void;
}
