import { errorCode } from '../../../protocol/error-codes.ts';
import { syncGroupRequest, syncGroupResponse } from '../../../protocol/schemas/14-sync-group.ts';
import { defineHandler } from '../handler.ts';

/*
 * SyncGroup 0-5, classic protocol.
 * - Answered when the leader's assignments are on all in-sync replicas. 3: static members. 5: protocol type and name are
 *   mandatory and checked (KIP-559).
 */

export const syncGroupHandler = defineHandler(syncGroupRequest, syncGroupResponse, {
  needs: ['groups'],
  handle: async (request, { apiVersion }, { groups }) => {
    const isIncomplete = request.protocolType === null || request.protocolName === null;
    if (apiVersion >= 5 && isIncomplete)
      return { errorCode: errorCode.INCONSISTENT_GROUP_PROTOCOL, assignment: Buffer.alloc(0) };
    return groups.sync(request.groupId, request);
  },
});
