import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../../protocol/schemas/23-offset-for-leader-epoch.ts';
import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import { leaderFor } from '../metadata/leader-for.ts';

/*
 * OffsetForLeaderEpoch 2-4: where a leader epoch ends in the leader's log (KIP-101, KIP-279, KIP-320).
 * - The answer carries the largest epoch at or below the asked one; -1 and -1 when the log cannot tell.
 * - DESCRIBE on the topic, or CLUSTER_ACTION.
 * - Consumers find truncations with it; followers of this cluster learn the same from Fetch.
 */
export const offsetForLeaderEpochHandler = defineHandler(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, {
  needs: ['metadata', 'replicas'],
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => failed(partition, code)),
    })),
  }),
  handle: (request, context, services) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        if (!mayDescribe(topic, context)) return failed(partition, errorCode.TOPIC_AUTHORIZATION_FAILED);
        const leader = leaderFor(services, topic, partition, currentLeaderEpoch);
        if (!leader.ok) return failed(partition, leader.error);
        const { epoch, endOffset } = leader.value.log.endOffsetForEpoch(leaderEpoch);
        return { partition, errorCode: errorCode.NONE, leaderEpoch: epoch, endOffset };
      }),
    })),
  }),
});

function failed(partition: number, code: ErrorCode) {
  return { partition, errorCode: code, leaderEpoch: -1, endOffset: -1 };
}

function mayDescribe(topic: string, context: RequestContext): boolean {
  return context.authorize('describe', 'topic', topic) || context.authorize('clusterAction', 'cluster', clusterName);
}
