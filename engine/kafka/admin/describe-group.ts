import { apis } from '../../protocol/api-keys.ts';
import { decode } from '../../protocol/codec.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { DescribeGroupsResponse } from '../../protocol/schemas/15-describe-groups.ts';
import { consumerProtocolAssignment } from '../../protocol/schemas/records/consumer-protocol.ts';
import { protocolFault, WireFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { coordinated } from './admin-context.ts';
import type { CommittedOffset } from './committed-offsets.ts';
import { committedOffsets } from './committed-offsets.ts';
import type { GroupDescription, GroupPartition } from './descriptions.ts';
import { listOffsetsSurely, offsetMark } from './list-offsets.ts';

type GroupRow = DescribeGroupsResponse['groups'][number];

/** A group's members and the lag of every partition that it committed or reads. Rejects with KAFKA_UNKNOWN_GROUP. */
export async function describeGroup(context: AdminContext, id: string): Promise<GroupDescription> {
  const group = await describe(context, id);
  const committed = await committedOffsets(context, id);
  if (group.groupState.toLowerCase() === 'dead' && committed.length === 0)
    throw new WireFault('KAFKA_UNKNOWN_GROUP', `there is no group "${id}"`);
  return {
    id,
    state: group.groupState,
    protocolType: group.protocolType,
    members: group.members.map(({ memberId, clientId, clientHost }) => ({ id: memberId, clientId, host: clientHost })),
    partitions: await withLag(context, group, committed),
  };
}

function describe({ client, connection }: AdminContext, id: string): Promise<GroupRow> {
  return coordinated({ client, connection }, id, async (broker) => {
    const { groups } = await client.request(broker, apis.describeGroups, { groups: [id] });
    const row = groups[0];
    // Since version 6 a group that is not there is an error; before it was a dead one.
    if (row?.errorCode === errorCode.GROUP_ID_NOT_FOUND) return { ...row, groupState: 'Dead', members: [] };
    if (row?.errorCode !== 0) throw protocolFault(row?.errorCode ?? -1, row?.errorMessage);
    return row;
  });
}

/** Partitions that a member reads, by `topic/partition`. */
function readers({
  members,
  protocolType,
}: GroupRow): Map<string, { topic: string; partition: number; member: string }> {
  const found = new Map<string, { topic: string; partition: number; member: string }>();
  if (protocolType !== 'consumer') return found;
  for (const { memberId, memberAssignment } of members) {
    if (memberAssignment.length < 2) continue;
    const version = Math.min(memberAssignment.readInt16BE(0), consumerProtocolAssignment.versions.max);
    const { assignedPartitions } = decode(consumerProtocolAssignment, version, memberAssignment, 2);
    for (const { topic, partitions } of assignedPartitions)
      for (const partition of partitions) found.set(`${topic}/${partition}`, { topic, partition, member: memberId });
  }
  return found;
}

async function withLag(
  context: AdminContext,
  group: GroupRow,
  committed: readonly CommittedOffset[],
): Promise<GroupPartition[]> {
  const rows = new Map<string, { topic: string; partition: number; offset?: number; member?: string }>();
  for (const { topic, partition, offset } of committed) rows.set(`${topic}/${partition}`, { topic, partition, offset });
  for (const [key, reader] of readers(group)) rows.set(key, { ...rows.get(key), ...reader });
  const ends = await listOffsetsSurely(context, [...rows.values()], offsetMark.latest);
  return [...rows.values()]
    .map(({ topic, partition, offset, member }) => {
      const endOffset = ends.get(topic)?.get(partition) ?? -1;
      const lag = offset === undefined || endOffset < 0 ? undefined : Math.max(0, endOffset - offset);
      return { topic, partition, committedOffset: offset, endOffset, lag, member };
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}
