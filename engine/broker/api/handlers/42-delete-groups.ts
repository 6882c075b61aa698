import { errorCode } from '../../../protocol/error-codes.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from '../../../protocol/schemas/42-delete-groups.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteGroups 0-3.
 * - Deletes groups without members together with their offsets; NON_EMPTY_GROUP for the others. Each group is
 *   answered once. DELETE on each.
 */

export const deleteGroupsHandler = defineHandler(deleteGroupsRequest, deleteGroupsResponse, {
  needs: ['groups'],
  refuse: ({ groupsNames }, code) => ({ results: groupsNames.map((groupId) => ({ groupId, errorCode: code })) }),
  handle: async ({ groupsNames }, context, { groups }) => {
    const asked = [...new Set(groupsNames)];
    const { allowed, refused } = splitByRight(asked, (groupId) => context.authorize('delete', 'group', groupId));
    const deleted = allowed.map(async (groupId) => ({ groupId, errorCode: await groups.delete(groupId) }));
    const refusedRows = refused.map((groupId) => ({ groupId, errorCode: errorCode.GROUP_AUTHORIZATION_FAILED }));
    return { results: [...(await Promise.all(deleted)), ...refusedRows] };
  },
});
