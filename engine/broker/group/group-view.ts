import { consumerProtocolType } from './classic/consumer-embedded.ts';
import type { GroupPhase, Round } from './classic/round.ts';
import { emptyRound, metadataOf } from './classic/round.ts';
import type { ConsumerGroup, ConsumerGroupState } from './consumer/consumer-group.ts';
import { stateOf } from './consumer/consumer-group.ts';
import type { StoredGroup } from './stored-group.ts';

/** A group in a list. */
export interface GroupListing {
  readonly groupId: string;
  readonly protocolType: string | null;
  readonly phase: GroupPhase | ConsumerGroupState;
  readonly type: 'classic' | 'consumer';
}

/** A member as it is described; without metadata and assignment while the group is not stable. */
export interface MemberView {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly metadata: Buffer;
  readonly assignment: Buffer;
}

/** A group as it is described to people: a copy at one moment. */
export interface GroupView extends GroupListing {
  /** Null while the members have not agreed on one. */
  readonly protocolName: string | null;
  readonly members: readonly MemberView[];
}

const nothing = Buffer.alloc(0);

/** A group of the list. */
export function listingOf(
  groupId: string,
  stored: StoredGroup | undefined,
  { protocolType, phase }: Round = emptyRound,
): GroupListing {
  if (!stored?.consumer) return { groupId, protocolType, phase, type: 'classic' };
  return { groupId, protocolType: consumerProtocolType, phase: stateOf(stored.consumer), type: 'consumer' };
}

/** A group with its members. */
export function groupViewOf(groupId: string, stored: StoredGroup | undefined, round: Round = emptyRound): GroupView {
  const isStable = round.phase === 'Stable';
  const assignments = new Map(stored?.membership?.members.map(({ memberId, assignment }) => [memberId, assignment]));
  return {
    ...listingOf(groupId, stored, round),
    protocolName: isStable ? round.protocolName : null,
    members: [...round.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: isStable ? metadataOf(member, round.protocolName) : nothing,
      assignment: (isStable && assignments.get(member.memberId)) || nothing,
    })),
  };
}

/** A group of the consumer protocol as it is described: what is stored, and who assigns. */
export interface ConsumerGroupView {
  readonly group: ConsumerGroup;
  readonly state: ConsumerGroupState;
  readonly assignorName: string;
}
