import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { partitionKey } from '../consumer/list-offsets.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { Membership } from './group-member.ts';
import type { TopicPartition } from './subscription.ts';
import { byTopic } from './subscription.ts';

/** An offset to commit: the next one to read. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
}

/** Committed offsets by `partitionKey`; undefined where the group has none. */
export interface CommittedOffsets {
  readonly offsets: ReadonlyMap<string, number | undefined>;
  /** Error codes of partitions whose offset is not known now. */
  readonly refused: ReadonlyMap<string, number>;
}

/** The last versions that name topics; newer ones want their ids. */
const fetchByNameMax = 9;
const commitByNameMax = 9;
/** The first version of OffsetFetch that asks for several groups. */
const severalGroupsMin = 8;

/** The committed offsets of one group, at its coordinator. */
export class GroupOffsets {
  readonly #client: ClusterClient;
  readonly #groupId: string;
  readonly #instanceId: string | null;

  constructor(client: ClusterClient, groupId: string, instanceId: string | null) {
    this.#client = client;
    this.#groupId = groupId;
    this.#instanceId = instanceId;
  }

  /** Rejects with the error that concerns the whole group. */
  async fetch(partitions: readonly TopicPartition[]): Promise<CommittedOffsets> {
    const groupId = this.#groupId;
    const ids = this.#idsOf(partitions);
    const topics = byTopic(partitions).map(({ topic, partitions: partitionIndexes }) => ({
      name: topic,
      topicId: ids.get(topic) ?? zeroUuid,
      partitionIndexes,
    }));
    const coordinator = await this.#client.coordinator('group', groupId);
    const answer = await this.#client.request(
      coordinator,
      apis.offsetFetch,
      (version) =>
        version >= severalGroupsMin
          ? { groups: [{ groupId, topics }], requireStable: true }
          : { groupId, topics, requireStable: true },
      { versionMax: isComplete(ids) ? undefined : fetchByNameMax },
    );
    const group = answer.groups[0] ?? answer;
    if (group.errorCode !== errorCode.NONE) throw this.#groupFault(group.errorCode);
    const names = new Map([...ids].map(([name, id]) => [id, name]));
    const offsets = new Map<string, number | undefined>();
    const refused = new Map<string, number>();
    for (const { name, partitions: rows, ...topic } of group.topics) {
      const topicName = name || names.get('topicId' in topic ? topic.topicId : zeroUuid) || '';
      for (const { partitionIndex, committedOffset, errorCode: code } of rows) {
        const key = partitionKey(topicName, partitionIndex);
        if (code === errorCode.NONE) offsets.set(key, committedOffset < 0 ? undefined : Number(committedOffset));
        else refused.set(key, code);
      }
    }
    return { offsets, refused };
  }

  /** Commits; gives the error code of each partition by `partitionKey`. */
  async commit(rows: readonly OffsetToCommit[], { memberId, generation }: Membership): Promise<Map<string, number>> {
    const ids = this.#idsOf(rows);
    const coordinator = await this.#client.coordinator('group', this.#groupId);
    const answer = await this.#client.request(
      coordinator,
      apis.offsetCommit,
      {
        groupId: this.#groupId,
        generationIdOrMemberEpoch: generation,
        memberId,
        groupInstanceId: this.#instanceId,
        topics: [...Map.groupBy(rows, ({ topic }) => topic)].map(([name, partitions]) => ({
          name,
          topicId: ids.get(name) ?? zeroUuid,
          partitions: partitions.map(({ partition, offset }) => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedMetadata: '',
          })),
        })),
      },
      { versionMax: isComplete(ids) ? undefined : commitByNameMax },
    );
    const names = new Map([...ids].map(([name, id]) => [id, name]));
    const codes = new Map<string, number>();
    for (const { name, topicId, partitions } of answer.topics)
      for (const { partitionIndex, errorCode: code } of partitions)
        codes.set(partitionKey(name || names.get(topicId) || '', partitionIndex), code);
    return codes;
  }

  #groupFault(code: number) {
    if (code === errorCode.NOT_COORDINATOR || code === errorCode.COORDINATOR_NOT_AVAILABLE)
      this.#client.forgetCoordinator('group', this.#groupId);
    return protocolFault(code);
  }

  #idsOf(partitions: readonly TopicPartition[]): Map<string, string> {
    const names = new Set(partitions.map(({ topic }) => topic));
    return new Map([...names].map((name) => [name, this.#client.metadata.topic(name)?.id ?? zeroUuid]));
  }
}

function isComplete(ids: ReadonlyMap<string, string>): boolean {
  return ![...ids.values()].includes(zeroUuid);
}
