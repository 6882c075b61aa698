import { errorCode } from '../../../protocol/error-codes.ts';
import type { SyncGroupRequest } from '../../../protocol/schemas/14-sync-group.ts';
import { syncGroupRequest, syncGroupResponse } from '../../../protocol/schemas/14-sync-group.ts';
import { memberRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * SyncGroup 0-5, classic protocol.
 * - Answered when the leader's assignments are on all in-sync replicas. 3: static members. 5: protocol type and name are
 *   mandatory and checked (KIP-559).
 */

export const syncGroupHandler = defineHandler(syncGroupRequest, syncGroupResponse, {
  needs: ['groups'],
  right: (request, context) =>
    isIncomplete(request, context.apiVersion) ? errorCode.NONE : memberRight(request, context),
  handle: async (request, { apiVersion }, { groups }) => {
    if (isIncomplete(request, apiVersion))
      return { errorCode: errorCode.INCONSISTENT_GROUP_PROTOCOL, assignment: Buffer.alloc(0) };
    return groups.sync(request.groupId, request);
  },
});

/** Said before anything else, rights too, as in Kafka. */
function isIncomplete({ protocolType, protocolName }: SyncGroupRequest, apiVersion: number): boolean {
  return apiVersion >= 5 && (protocolType === null || protocolName === null);
}
