import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { OffsetFetchRequest } from '../../../protocol/schemas/09-offset-fetch.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../../protocol/schemas/09-offset-fetch.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { CommittedOffset, OffsetsByTopic } from '../../group/stored-group.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { findTopic } from '../metadata/topic-reference.ts';
import type { BrokerServices } from '../services.ts';

/*
 * OffsetFetch 1-10.
 * - DESCRIBE on each group and on each topic. Of all topics those are left out that who asks may not describe.
 * - Null topics (2+): every partition that the group has an offset for. A partition without one answers -1, not an error.
 * - 8+: several groups in one request. 10: topics by id.
 * - 9+: who says it is a member of a group of the consumer protocol has to be one, of the present epoch.
 * - requireStable (7+): an offset that an open transaction may change is UNSTABLE_OFFSET_COMMIT (KIP-447).
 * - Before version 2 a group's error goes on every partition's row.
 * - NOT_COORDINATOR from a broker that has not heard of the quorum for longer than its session: others may have committed elsewhere.
 */

type Request = OffsetFetchRequest;
type AskedTopics =
  | readonly { readonly name: string; readonly topicId: string; readonly partitionIndexes: readonly number[] }[]
  | null;

export const offsetFetchHandler = defineHandler(offsetFetchRequest, offsetFetchResponse, {
  needs: ['groups', 'metadata'],
  refuse: (request, code, apiVersion) => {
    const topics = apiVersion < 2 ? failedTopics(namedTopics(request), code) : [];
    const groups = request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode: code }));
    return apiVersion >= 8 ? { topics: [], groups } : { topics, errorCode: code, groups: [] };
  },
  handle: (request, context, services) => {
    const { apiVersion } = context;
    if (apiVersion >= 8) {
      const { requireStable } = request;
      const groups = request.groups.map(({ groupId, topics, ...reader }) => ({
        groupId,
        ...fetchGroup({ groupId, asked: topics, requireStable, reader }, context, services),
      }));
      return { topics: [], groups };
    }
    const { topics, errorCode: code } = fetchGroup(
      { groupId: request.groupId, asked: namedTopics(request), requireStable: request.requireStable },
      context,
      services,
    );
    return { topics, errorCode: code, groups: [] };
  },
});

const notAuthorized = { errorCode: errorCode.GROUP_AUTHORIZATION_FAILED, offsets: new Map() } as const;

function namedTopics({ topics }: Request): AskedTopics {
  return topics?.map((topic) => ({ ...topic, topicId: zeroUuid })) ?? null;
}

interface AskedGroup {
  readonly groupId: string;
  readonly asked: AskedTopics;
  readonly requireStable: boolean;
  readonly reader?: { readonly memberId: string | null; readonly memberEpoch: number };
}

function fetchGroup(
  { groupId, asked, requireStable, reader }: AskedGroup,
  context: RequestContext,
  { groups, metadata }: Pick<BrokerServices, 'groups' | 'metadata'>,
) {
  const { apiVersion } = context;
  const { errorCode: code, offsets } = context.authorize('describe', 'group', groupId)
    ? groups.committedOffsets(groupId, reader)
    : notAuthorized;
  if (code !== errorCode.NONE) {
    const topics = apiVersion < 2 ? failedTopics(asked, code) : [];
    return { topics, errorCode: code };
  }
  const view = metadata();
  const mayDescribe = (name: string) => context.authorize('describe', 'topic', name);
  const wanted = asked ?? allTopics(offsets, view).filter(({ name }) => mayDescribe(name));
  const topics = wanted.map((topic) => {
    const found = findTopic(view, topic, apiVersion >= 10);
    const name = apiVersion >= 10 ? (found.topic?.name ?? '') : topic.name;
    const refusal = name !== '' && !mayDescribe(name) ? errorCode.TOPIC_AUTHORIZATION_FAILED : errorCode.NONE;
    const code = apiVersion >= 10 && !found.topic ? found.missing : refusal;
    const partitions = refusal === errorCode.NONE ? offsets.get(name) : undefined;
    const rowOf = (index: number) =>
      code === errorCode.NONE && requireStable && groups.isUnstable(groupId, name, index)
        ? partitionRow(index, undefined, errorCode.UNSTABLE_OFFSET_COMMIT)
        : partitionRow(index, partitions?.get(index), code);
    return { ...topic, partitions: topic.partitionIndexes.map(rowOf) };
  });
  return { topics, errorCode: errorCode.NONE };
}

function allTopics(offsets: OffsetsByTopic, view: ClusterView): NonNullable<AskedTopics> {
  return [...offsets].map(([name, partitions]) => ({
    name,
    topicId: view.topics.get(name)?.id ?? zeroUuid,
    partitionIndexes: [...partitions.keys()].sort((a, b) => a - b),
  }));
}

function partitionRow(partitionIndex: number, committed: CommittedOffset | undefined, code: ErrorCode) {
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: code,
  };
}

function failedTopics(asked: AskedTopics, code: ErrorCode) {
  return (asked ?? []).map((topic) => ({
    ...topic,
    partitions: topic.partitionIndexes.map((index) => partitionRow(index, undefined, code)),
  }));
}
