import { errorCode } from '../../../protocol/error-codes.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from '../../../protocol/schemas/47-offset-delete.ts';
import { defineHandler } from '../handler.ts';

/*
 * OffsetDelete 0 (KIP-496).
 * - Forgets committed offsets; a partition without one is answered NONE. GROUP_SUBSCRIBED_TO_TOPIC where a member reads the topic.
 * - A classic group with members that are no consumers is NON_EMPTY_GROUP, one that does not exist GROUP_ID_NOT_FOUND.
 * - DELETE on the group, READ on each topic. Unknown topics and partitions are refused on their rows.
 */

export const offsetDeleteHandler = defineHandler(offsetDeleteRequest, offsetDeleteResponse, {
  needs: ['groups', 'metadata'],
  right: ({ groupId }, context) =>
    context.authorize('delete', 'group', groupId) ? errorCode.NONE : errorCode.GROUP_AUTHORIZATION_FAILED,
  refuse: (_request, code) => ({ errorCode: code, topics: [] }),
  handle: async ({ groupId, topics }, context, { groups, metadata }) => {
    const view = metadata();
    const asked = topics.flatMap(({ name, partitions }) => {
      const isRefused = !context.authorize('read', 'topic', name);
      const known = view.topics.get(name)?.partitions;
      return partitions.map(({ partitionIndex: partition }) => {
        const missing = known?.[partition] ? errorCode.NONE : errorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return { topic: name, partition, code: isRefused ? errorCode.TOPIC_AUTHORIZATION_FAILED : missing };
      });
    });
    const wanted = asked.filter(({ code }) => code === errorCode.NONE);
    const { errorCode: code, codes } = await groups.deleteOffsets(groupId, wanted);
    if (code !== errorCode.NONE) return { errorCode: code, topics: [] };
    const found = new Map(wanted.map((row, index) => [row, codes[index] ?? errorCode.NONE]));
    return {
      errorCode: errorCode.NONE,
      topics: topics.map(({ name }) => ({
        name,
        partitions: asked
          .filter(({ topic }) => topic === name)
          .map((row) => ({ partitionIndex: row.partition, errorCode: found.get(row) ?? row.code })),
      })),
    };
  },
});
