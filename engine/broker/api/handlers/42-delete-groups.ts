import { deleteGroupsRequest, deleteGroupsResponse } from '../../../protocol/schemas/42-delete-groups.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteGroups 0-3.
 * - Deletes groups without members together with their offsets; NON_EMPTY_GROUP for the others. Each group is
 *   answered once.
 */

export const deleteGroupsHandler = defineHandler(
  deleteGroupsRequest,
  deleteGroupsResponse,
  async ({ groupsNames }, { broker }) => ({
    throttleTimeMs: 0,
    results: await Promise.all(
      [...new Set(groupsNames)].map(async (groupId) => ({ groupId, errorCode: await broker.groups.delete(groupId) })),
    ),
  }),
);
