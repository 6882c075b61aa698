import type { GroupMetadataValue } from '../../protocol/schemas/records/group-metadata.ts';
import type { Group, Member } from './group.ts';
import { emptyGroup, refreshSession } from './group.ts';
import type { OffsetPlace, ReadRecord } from './group-records.ts';

/** The groups of one partition of `__consumer_offsets`, by group id. */
export type GroupShard = Map<string, Group>;

/** The group of that name; made when it is missing. */
export function groupIn(shard: GroupShard, groupId: string): Group {
  let group = shard.get(groupId);
  if (!group) {
    group = emptyGroup(groupId);
    shard.set(groupId, group);
  }
  return group;
}

function restoredMember(
  value: GroupMetadataValue['members'][number],
  protocolName: string | null,
  nowMs: number,
): Member {
  const member: Member = {
    memberId: value.memberId,
    groupInstanceId: value.groupInstanceId,
    clientId: value.clientId,
    clientHost: value.clientHost,
    sessionTimeoutMs: value.sessionTimeout,
    rebalanceTimeoutMs: value.rebalanceTimeout === -1 ? value.sessionTimeout : value.rebalanceTimeout,
    protocols: protocolName === null ? [] : [{ name: protocolName, metadata: value.subscription }],
    assignment: value.assignment,
    sessionDeadlineMs: 0,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  };
  refreshSession(member, nowMs);
  return member;
}

function applyMembership(shard: GroupShard, groupId: string, value: GroupMetadataValue | null, nowMs: number): void {
  if (!value) {
    shard.delete(groupId);
    return;
  }
  const group = groupIn(shard, groupId);
  group.generationId = value.generation;
  group.protocolType = value.protocolType || null;
  group.protocolName = value.protocol;
  group.leaderId = value.leader;
  group.members.clear();
  group.staticMembers.clear();
  for (const stored of value.members) {
    const member = restoredMember(stored, value.protocol, nowMs);
    group.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) group.staticMembers.set(member.groupInstanceId, member.memberId);
  }
  group.phase = group.members.size ? 'Stable' : 'Empty';
}

/**
 * Applies a record to the shard: the same for a replay in any order after a failover and for a record that was just committed.
 * A tombstone for a group that is not there is fine (KAFKA-17306). Of two records for a partition the later one holds.
 */
export function applyRecord(shard: GroupShard, record: ReadRecord, recordOffset: number, nowMs: number): void {
  if (record.kind === 'unknown') return;
  if (record.kind === 'membership') return applyMembership(shard, record.groupId, record.value, nowMs);
  const { groupId, topic, partition } = record.place;
  if (!record.committed) {
    forgetOffset(shard, record.place, recordOffset);
    return;
  }
  const { offsets } = groupIn(shard, groupId);
  let partitions = offsets.get(topic);
  if (!partitions) {
    partitions = new Map();
    offsets.set(topic, partitions);
  }
  const known = partitions.get(partition);
  if (!known || known.recordOffset < recordOffset) partitions.set(partition, { ...record.committed, recordOffset });
}

function forgetOffset(shard: GroupShard, { groupId, topic, partition }: OffsetPlace, recordOffset: number): void {
  const offsets = shard.get(groupId)?.offsets;
  const partitions = offsets?.get(topic);
  const known = partitions?.get(partition);
  if (!partitions || !known || known.recordOffset > recordOffset) return;
  partitions.delete(partition);
  if (partitions.size === 0) offsets?.delete(topic);
}
