import { errorCode } from '../../../protocol/error-codes.ts';
import type { OffsetCommitRequest } from '../../../protocol/schemas/08-offset-commit.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../protocol/schemas/08-offset-commit.ts';
import { memberRight } from '../authorization/rights.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { findTopic } from '../metadata/topic-reference.ts';

/*
 * OffsetCommit 2-10.
 * - Members commit with their generation; generation -1 without a member id uses the group for its offsets alone.
 * - READ on the group for the request, READ on each topic: without it a topic is refused whether it exists or not.
 * - Unknown topics and partitions are refused on their rows; the others are committed.
 * - Answered when all in-sync replicas have the records, or with REQUEST_TIMED_OUT (the write may still take effect).
 * - 9+: a generation of a group that does not exist is GROUP_ID_NOT_FOUND, before ILLEGAL_GENERATION (KIP-848).
 * - 10: topics by id (KIP-848's follow-up). Retention time (2-4) is ignored, as in Kafka since 2.1.
 * - Groups of the consumer protocol: 9+ alone for their members; an older epoch will do where the member has had the partition
 *   since then (KIP-1251).
 */

type Topics = OffsetCommitRequest['topics'];

export const offsetCommitHandler = defineHandler(offsetCommitRequest, offsetCommitResponse, {
  needs: ['groups', 'metadata'],
  right: memberRight,
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code })),
    })),
  }),
  handle: async (request, context, { groups, metadata }) => {
    const { apiVersion } = context;
    const asked = resolvePartitions(request.topics, metadata(), context);
    const committer = {
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      generationId: request.generationIdOrMemberEpoch,
      missingGroup: apiVersion >= 9 ? errorCode.GROUP_ID_NOT_FOUND : errorCode.ILLEGAL_GENERATION,
      apiVersion,
    };
    const accepted = asked.filter((row) => row.code === errorCode.NONE);
    const codes = await groups.commit(
      request.groupId,
      committer,
      accepted.map(({ name, partition }) => ({
        topic: name,
        partition: partition.partitionIndex,
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch,
        metadata: partition.committedMetadata,
      })),
    );
    const codeOf = new Map(
      accepted.map((row, index) => [row.partition, codes[index] ?? errorCode.UNKNOWN_SERVER_ERROR]),
    );
    for (const row of asked) if (!codeOf.has(row.partition)) codeOf.set(row.partition, row.code);
    return {
      topics: request.topics.map(({ name, topicId, partitions }) => ({
        name,
        topicId,
        partitions: partitions.map((partition) => ({
          partitionIndex: partition.partitionIndex,
          errorCode: codeOf.get(partition) ?? errorCode.UNKNOWN_SERVER_ERROR,
        })),
      })),
    };
  },
});

function resolvePartitions(topics: Topics, view: ClusterView, context: RequestContext) {
  return topics.flatMap((asked) => {
    const { topic, missing } = findTopic(view, asked, context.apiVersion >= 10);
    const name = topic?.name ?? asked.name;
    const isRefused = name !== '' && !context.authorize('read', 'topic', name);
    return asked.partitions.map((partition) => {
      if (isRefused) return { name, partition, code: errorCode.TOPIC_AUTHORIZATION_FAILED };
      const exists = topic?.partitions[partition.partitionIndex] !== undefined;
      const code = exists ? errorCode.NONE : topic ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : missing;
      return { name, partition, code };
    });
  });
}
