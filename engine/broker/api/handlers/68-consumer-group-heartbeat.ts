import { errorCode } from '../../../protocol/error-codes.ts';
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
} from '../../../protocol/schemas/68-consumer-group-heartbeat.ts';
import { features } from '../../controller/features/supported-features.ts';
import { memberRight } from '../authorization/rights.ts';
import { clientHost } from '../connection/client-host.ts';
import { defineHandler } from '../handler.ts';

/*
 * ConsumerGroupHeartbeat 0-1, consumer protocol (KIP-848).
 * - Epoch 0 joins, -1 leaves, -2 leaves a static member's place for it to come back to. What a request leaves out has not changed.
 * - Answered when what it changes is on all in-sync replicas; COORDINATOR_NOT_AVAILABLE after 5 s.
 * - 1: members make their own ids; regular expressions of RE2, matched against whole names of topics that who asks may describe.
 * - UNSUPPORTED_VERSION in a cluster whose feature group.version is 0, as one that was made before it had it.
 * - READ on the group; DESCRIBE on every topic that is named.
 * - Not implemented: assignors other than uniform and range; racks are kept and shown, not looked at.
 */

export const consumerGroupHeartbeatHandler = defineHandler(
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
  {
    needs: ['groups', 'metadata'],
    right: memberRight,
    refuse: (_request, code) => ({ ...nothing, errorCode: code }),
    handle: (request, context, { groups, metadata }) => {
      if (metadata().featureLevel(features.groupVersion.name) === 0)
        return { ...nothing, errorCode: errorCode.UNSUPPORTED_VERSION };
      const { apiVersion, clientId, connection } = context;
      const mayDescribe = (topic: string) => context.authorize('describe', 'topic', topic);
      if (request.subscribedTopicNames?.some((topic) => !mayDescribe(topic)))
        return { ...nothing, errorCode: errorCode.TOPIC_AUTHORIZATION_FAILED };
      const from = { clientId: clientId ?? '', clientHost: clientHost(connection) };
      return groups.consumerHeartbeat({ request, apiVersion, ...from, mayDescribe });
    },
  },
);

const nothing = { memberEpoch: 0, heartbeatIntervalMs: 0 } as const;
