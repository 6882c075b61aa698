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
import type { DescribedGroup, Reader } from './newer-group.ts';
import { newerGroup } from './newer-group.ts';

type ClassicGroup = DescribeGroupsResponse['groups'][number];

/** A group's members and the lag of every partition that it committed or reads. Rejects with KAFKA_UNKNOWN_GROUP. */
export async function describeGroup(context: AdminContext, id: string): Promise<GroupDescription> {
  const group = await describe(context, id);
  const committed = group.started ?? (await committedOffsets(context, id));
  const { state, protocolType, members } = group;
  if (state.toLowerCase() === 'dead' && committed.length === 0)
    throw new WireFault('KAFKA_UNKNOWN_GROUP', `there is no group "${id}"`);
  return { id, state, protocolType, members, partitions: await withLag(context, group.readers, committed) };
}

async function describe(context: AdminContext, id: string): Promise<DescribedGroup> {
  const classic = await coordinated(context, id, (broker) => classicGroup(context, broker, id));
  // Groups of other kinds look dead to whoever asks for a classic one.
  return classic.state.toLowerCase() === 'dead' ? ((await newerGroup(context, id)) ?? classic) : classic;
}

async function classicGroup({ client }: AdminContext, broker: number, id: string): Promise<DescribedGroup> {
  const { groups } = await client.request(broker, apis.describeGroups, { groups: [id] });
  const row = groups[0];
  // Since version 6 a group that is not there is an error; before it was a dead one.
  if (row?.errorCode === errorCode.GROUP_ID_NOT_FOUND)
    return { state: 'Dead', protocolType: row.protocolType, members: [], readers: [] };
  if (row?.errorCode !== 0) throw protocolFault(row?.errorCode ?? -1, row?.errorMessage);
  const members = row.members.map(({ memberId, clientId, clientHost }) => ({
    id: memberId,
    clientId,
    host: clientHost,
  }));
  return { state: row.groupState, protocolType: row.protocolType, members, readers: readers(row) };
}

function readers({ members, protocolType }: ClassicGroup): Reader[] {
  if (protocolType !== 'consumer') return [];
  return members.flatMap(({ memberId: member, memberAssignment }) => {
    if (memberAssignment.length < 2) return [];
    const version = Math.min(memberAssignment.readInt16BE(0), consumerProtocolAssignment.versions.max);
    const { assignedPartitions } = decode(consumerProtocolAssignment, version, memberAssignment, 2);
    return assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition, member })),
    );
  });
}

async function withLag(
  context: AdminContext,
  reading: readonly Reader[],
  committed: readonly CommittedOffset[],
): Promise<GroupPartition[]> {
  const rows = new Map<string, Omit<CommittedOffset, 'offset'> & { offset?: number; member?: string }>();
  for (const row of committed) rows.set(`${row.topic}/${row.partition}`, row);
  for (const reader of reading) {
    const key = `${reader.topic}/${reader.partition}`;
    rows.set(key, { ...rows.get(key), ...reader });
  }
  const ends = await listOffsetsSurely(context, [...rows.values()], offsetMark.latest);
  return [...rows.values()]
    .map(({ topic, partition, offset, member, lag: told }) => {
      const endOffset = ends.get(topic)?.get(partition) ?? -1;
      const behind = offset === undefined || endOffset < 0 ? undefined : Math.max(0, endOffset - offset);
      return { topic, partition, committedOffset: offset, endOffset, lag: told ?? behind, member };
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}
