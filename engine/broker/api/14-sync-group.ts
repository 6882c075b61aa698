import { syncGroupRequest, syncGroupResponse } from '../../protocol/schemas/14-sync-group.ts';
import { defineHandler } from './handler.ts';

/*
 * SyncGroup 0-5, classic protocol.
 * - Answered when the leader's assignments are on all in-sync replicas. 3: static members. 5: protocol type and name are checked.
 */

export const syncGroupHandler = defineHandler(syncGroupRequest, syncGroupResponse, async (request, { broker }) => ({
  throttleTimeMs: 0,
  ...(await broker.groups.sync(request.groupId, request)),
}));
