import { joinGroupRequest, joinGroupResponse } from '../../../protocol/schemas/11-join-group.ts';
import { memberRight } from '../authorization/rights.ts';
import { clientHost } from '../connection/client-host.ts';
import { defineHandler } from '../handler.ts';

/*
 * JoinGroup 0-9, classic protocol.
 * - Answered when the rebalance is over: every member joined, or its time is up. The leader gets everybody's metadata.
 * - 0: the session timeout is the rebalance timeout too. 4: a dynamic member must come back with the id that it is given
 *   (MEMBER_ID_REQUIRED, KIP-394). 5: static members (KIP-345). 9: a returning static leader skips the assignment (KIP-814);
 *   before it is answered as a follower, so that it makes none that would be thrown away.
 */

export const joinGroupHandler = defineHandler(joinGroupRequest, joinGroupResponse, {
  needs: ['groups'],
  right: memberRight,
  handle: async (request, { apiVersion, clientId, connection }, { groups }) => {
    const joined = await groups.join(request.groupId, {
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      requiresKnownMemberId: apiVersion >= 4 && request.groupInstanceId === null,
      canSkipAssignment: apiVersion >= 9,
      clientId: clientId ?? '',
      clientHost: clientHost(connection),
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
      protocolType: request.protocolType,
      protocols: request.protocols,
    });
    return {
      ...joined,
      protocolName: apiVersion < 7 ? (joined.protocolName ?? '') : joined.protocolName,
    };
  },
});
