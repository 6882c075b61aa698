import type { Assignment, ConsumerGroup, ConsumerMember, OwnedPartitions } from './consumer-group.ts';
import { isReconciledTo, memberStates } from './consumer-group.ts';

/** What a member says that it has, by topic id; undefined: it does not say. */
export type ReportedPartitions = ReadonlyMap<string, ReadonlySet<number>> | undefined;

/** What a member is brought to. */
export interface Target {
  readonly epoch: number;
  readonly assignment: Assignment;
  /** What the member says that it has. */
  readonly reported: ReportedPartitions;
  /** Ids of the topics that it reads: of others it is to have nothing, whatever its target says. */
  readonly topicIds: ReadonlySet<string>;
}

/**
 * The next step of a member towards its target: it gives up before it gets, and gets only what nobody else owns (KIP-848, KIP-1251).
 * Returns the member itself when it stays where it is.
 */
export function reconcile(member: ConsumerMember, target: Target, owners: ConsumerGroup['owners']): ConsumerMember {
  const isTornAway = [...member.owned.keys()].some((topicId) => !target.topicIds.has(topicId));
  if (isReconciledTo(member, target.epoch) && !isTornAway) return member;
  if (member.state === memberStates.unrevoked && stillReports(target.reported, member.revoking)) {
    return isTornAway ? giveUpTopics(member, target) : member;
  }
  return next(member, target, owners);
}

interface Split {
  readonly kept: Map<string, Map<number, number>>;
  readonly leaving: Map<string, Map<number, number>>;
}

/** What stays of what is owned, and what goes. */
function split(owned: OwnedPartitions, stays: (topicId: string, partition: number) => boolean): Split {
  const kept = new Map<string, Map<number, number>>();
  const leaving = new Map<string, Map<number, number>>();
  for (const [topicId, epochs] of owned)
    for (const [partition, epoch] of epochs)
      put(stays(topicId, partition) ? kept : leaving, topicId, [partition, epoch]);
  return { kept, leaving };
}

function put(
  partitions: Map<string, Map<number, number>>,
  topicId: string,
  [partition, epoch]: readonly [number, number],
): void {
  const epochs = partitions.get(topicId);
  if (epochs) epochs.set(partition, epoch);
  else partitions.set(topicId, new Map([[partition, epoch]]));
}

/** Whether the member may still read one of the partitions: it says so, or says nothing. */
function stillReports(reported: ReportedPartitions, partitions: OwnedPartitions): boolean {
  if (!reported) return true;
  for (const [topicId, epochs] of partitions)
    for (const partition of epochs.keys()) if (reported.get(topicId)?.has(partition)) return true;
  return false;
}

/** A member that has not let go yet has also stopped to read topics. */
function giveUpTopics(member: ConsumerMember, { topicIds }: Target): ConsumerMember {
  const { kept, leaving } = split(member.owned, (topicId) => topicIds.has(topicId));
  const revoking = new Map([...member.revoking].map(([topicId, epochs]) => [topicId, new Map(epochs)]));
  for (const [topicId, epochs] of leaving) for (const entry of epochs) put(revoking, topicId, entry);
  return { ...member, owned: kept, revoking };
}

function next(member: ConsumerMember, target: Target, owners: ConsumerGroup['owners']): ConsumerMember {
  const { assignment, topicIds, epoch } = target;
  const wants = (topicId: string, partition: number): boolean =>
    topicIds.has(topicId) && (assignment.get(topicId)?.has(partition) ?? false);
  const { kept: owned, leaving } = split(member.owned, wants);
  if (leaving.size > 0 && stillReports(target.reported, leaving))
    return { ...member, state: memberStates.unrevoked, previousEpoch: member.epoch, owned, revoking: leaving };
  let isWaiting = false;
  for (const [topicId, partitions] of assignment) {
    if (!topicIds.has(topicId)) continue;
    for (const partition of partitions) {
      if (owned.get(topicId)?.has(partition)) continue;
      const owner = owners.get(topicId)?.get(partition);
      if (owner !== undefined && owner !== member.memberId) isWaiting = true;
      else put(owned, topicId, [partition, epoch]);
    }
  }
  return {
    ...member,
    state: isWaiting ? memberStates.unreleased : memberStates.stable,
    previousEpoch: member.epoch,
    epoch,
    owned,
    revoking: new Map(),
  };
}

/** Whether what a member waits for is free now. */
export function isStillWaiting(member: ConsumerMember, { targets, owners }: ConsumerGroup): boolean {
  if (member.state !== memberStates.unreleased) return false;
  for (const [topicId, partitions] of targets.get(member.memberId) ?? [])
    for (const partition of partitions) {
      const owner = owners.get(topicId)?.get(partition);
      if (owner !== undefined && owner !== member.memberId) return true;
    }
  return false;
}

/** Whether two members own the same. */
export function ownsSame(a: OwnedPartitions, b: OwnedPartitions): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [topicId, epochs] of a) {
    const others = b.get(topicId);
    if (!others || others.size !== epochs.size) return false;
    for (const [partition, epoch] of epochs) if (others.get(partition) !== epoch) return false;
  }
  return true;
}
