import { deleteGroupsRequest, deleteGroupsResponse } from '../../../protocol/schemas/42-delete-groups.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteGroups 0-3.
 * - Deletes groups without members together with their offsets; NON_EMPTY_GROUP for the others. Each group is
 *   answered once.
 */

export const deleteGroupsHandler = defineHandler(deleteGroupsRequest, deleteGroupsResponse, {
  needs: ['groups'],
  refuse: ({ groupsNames }, errorCode) => ({ results: groupsNames.map((groupId) => ({ groupId, errorCode })) }),
  handle: async ({ groupsNames }, _context, { groups }) => ({
    results: await Promise.all(
      [...new Set(groupsNames)].map(async (groupId) => ({ groupId, errorCode: await groups.delete(groupId) })),
    ),
  }),
});
