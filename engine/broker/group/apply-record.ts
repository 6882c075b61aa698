import { applyConsumerRecord, WritableConsumerGroup } from './consumer/apply-consumer-record.ts';
import type { ConsumerRecord } from './consumer/consumer-record.ts';
import type { GroupRecord, MembershipRecord, OffsetPlace } from './group-records.ts';
import type { CommittedOffset, Membership, OffsetsByTopic, StoredGroup, StoredGroups } from './stored-group.ts';

/** A stored group from the inside. */
class WritableGroup implements StoredGroup {
  readonly groupId: string;
  membership: Membership | undefined;
  membershipWrittenAtMs = -1;
  consumer: WritableConsumerGroup | undefined;
  readonly byTopic = new Map<string, Map<number, CommittedOffset>>();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get offsets(): OffsetsByTopic {
    return this.byTopic;
  }
}

/** The stored groups of a partition without records. */
export function noGroups(): StoredGroups {
  return new Map<string, WritableGroup>();
}

/**
 * Applies a record: the one place where what is stored changes, the same for a replay after a failover and for a record that
 * was just committed. A tombstone for a group that is not there is fine (KAFKA-17306). Of two records for a partition the
 * later one holds.
 */
export function applyRecord(stored: StoredGroups, record: GroupRecord, recordOffset: number): void {
  const groups = stored as Map<string, WritableGroup>;
  if (record.kind === 'membership') return applyMembership(groups, record);
  if (record.kind !== 'offset') return applyConsumer(groups, record);
  const { groupId, topic, partition } = record.place;
  if (!record.committed) {
    forget(groups, record.place, recordOffset);
    return;
  }
  const { byTopic } = groupIn(groups, groupId);
  let partitions = byTopic.get(topic);
  if (!partitions) {
    partitions = new Map();
    byTopic.set(topic, partitions);
  }
  const known = partitions.get(partition);
  if (!known || known.recordOffset < recordOffset) partitions.set(partition, { ...record.committed, recordOffset });
}

/** A group that has another kind, or is no more, keeps its offsets until their own tombstones. */
function applyMembership(groups: Map<string, WritableGroup>, record: MembershipRecord): void {
  const { groupId, membership, writtenAtMs } = record;
  if (!membership && !groups.has(groupId)) return;
  const group = groupIn(groups, groupId);
  group.membership = membership ?? undefined;
  group.membershipWrittenAtMs = membership ? writtenAtMs : -1;
  forgetEmpty(groups, group);
}

function applyConsumer(groups: Map<string, WritableGroup>, record: ConsumerRecord): void {
  const { groupId } = record;
  const isGone = record.kind === 'consumer-topics' || record.value === null;
  const known = groups.get(groupId);
  if (isGone && !known?.consumer) return;
  const group = known ?? groupIn(groups, groupId);
  if (record.kind === 'consumer-epoch' && isGone) {
    group.consumer = undefined;
    forgetEmpty(groups, group);
    return;
  }
  group.consumer ??= new WritableConsumerGroup();
  applyConsumerRecord(group.consumer, record);
}

function forgetEmpty(groups: Map<string, WritableGroup>, { groupId, membership, consumer, byTopic }: WritableGroup) {
  if (!membership && !consumer && byTopic.size === 0) groups.delete(groupId);
}

function groupIn(groups: Map<string, WritableGroup>, groupId: string): WritableGroup {
  let group = groups.get(groupId);
  if (!group) {
    group = new WritableGroup(groupId);
    groups.set(groupId, group);
  }
  return group;
}

function forget(
  groups: Map<string, WritableGroup>,
  { groupId, topic, partition }: OffsetPlace,
  recordOffset: number,
): void {
  const byTopic = groups.get(groupId)?.byTopic;
  const partitions = byTopic?.get(topic);
  const known = partitions?.get(partition);
  if (!partitions || !known || known.recordOffset > recordOffset) return;
  partitions.delete(partition);
  if (partitions.size === 0) byTopic?.delete(topic);
}
