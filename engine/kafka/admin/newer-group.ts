import { apis } from '../../protocol/api-keys.ts';
import { clientApis } from '../../protocol/client-apis.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { protocolFault } from '../kafka-error.ts';
import type { AdminContext } from './admin-context.ts';
import { coordinated } from './admin-context.ts';
import type { CommittedOffset } from './committed-offsets.ts';
import type { GroupDescription } from './descriptions.ts';

/** A group of any kind. */
export interface DescribedGroup {
  readonly state: string;
  readonly protocolType: string;
  readonly members: GroupDescription['members'];
  readonly readers: readonly Reader[];
  /** Instead of committed offsets: where a share group's partitions start, below which everything is dealt with. */
  readonly started?: readonly CommittedOffset[];
}

/** A partition that a member reads. */
export interface Reader {
  readonly topic: string;
  readonly partition: number;
  readonly member: string;
}

/** What both kinds say of a group and its members. */
interface Row {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupState: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly clientId: string;
    readonly clientHost: string;
    readonly assignment: {
      readonly topicPartitions: readonly { readonly topicName: string; readonly partitions: readonly number[] }[];
    };
  }[];
}

/** A group of the consumer protocol (KIP-848) or a share group (KIP-932); undefined when it is neither. */
export async function newerGroup(context: AdminContext, id: string): Promise<DescribedGroup | undefined> {
  const { client } = context;
  const body = { groupIds: [id], includeAuthorizedOperations: false };
  if (await client.served.has(apis.consumerGroupDescribe)) {
    const row = await coordinated(context, id, async (broker) =>
      there((await client.request(broker, apis.consumerGroupDescribe, body)).groups[0]),
    );
    if (row) return describedAs('consumer', row);
  }
  if (!(await client.served.has(clientApis.shareGroupDescribe))) return undefined;
  const row = await coordinated(context, id, async (broker) =>
    there((await client.request(broker, clientApis.shareGroupDescribe, body)).groups[0]),
  );
  return row && { ...describedAs('share', row), started: await startOffsets(context, id) };
}

/** Undefined when it is no group of this kind, or the cluster has not agreed on the kind. */
function there(row: Row | undefined): Row | undefined {
  if (row?.errorCode === errorCode.GROUP_ID_NOT_FOUND || row?.errorCode === errorCode.UNSUPPORTED_VERSION)
    return undefined;
  if (row?.errorCode !== 0) throw protocolFault(row?.errorCode ?? -1, row?.errorMessage);
  return row;
}

function describedAs(protocolType: string, { groupState, members }: Row): DescribedGroup {
  return {
    state: groupState,
    protocolType,
    members: members.map(({ memberId, clientId, clientHost }) => ({ id: memberId, clientId, host: clientHost })),
    readers: members.flatMap(({ memberId: member, assignment }) =>
      assignment.topicPartitions.flatMap(({ topicName: topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition, member })),
      ),
    ),
  };
}

function startOffsets({ client, connection }: AdminContext, id: string): Promise<CommittedOffset[]> {
  return coordinated({ client, connection }, id, async (broker) => {
    const body = { groups: [{ groupId: id, topics: null }] };
    const { groups } = await client.request(broker, clientApis.describeShareGroupOffsets, body);
    const row = groups[0];
    if (row?.errorCode !== 0) throw protocolFault(row?.errorCode ?? -1, row?.errorMessage);
    return row.topics.flatMap(({ topicName: topic, partitions }) =>
      partitions
        .filter(({ errorCode: code, startOffset }) => code === 0 && startOffset >= 0)
        .map(({ partitionIndex: partition, startOffset: offset, lag }) => ({
          topic,
          partition,
          offset,
          lag: lag < 0 ? undefined : lag,
        })),
    );
  });
}
