import { errorCode } from '../../../protocol/error-codes.ts';
import { describeGroupsRequest, describeGroupsResponse } from '../../../protocol/schemas/15-describe-groups.ts';
import type { GroupView } from '../../group/group-view.ts';
import { operationsNotAsked } from '../../security/authorized-operations.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeGroups 0-6.
 * - An unknown group is 'Dead' without an error before version 6, GROUP_ID_NOT_FOUND from 6 on (KIP-1043).
 * - A group of the consumer protocol is none to it.
 * - Metadata and assignments of members are shown once the group is stable.
 * - 3+: authorized operations when asked for. DESCRIBE on each group.
 */

export const describeGroupsHandler = defineHandler(describeGroupsRequest, describeGroupsResponse, {
  needs: ['groups'],
  refuse: ({ groups }, code) => ({
    groups: groups.map((groupId) => ({ ...noGroup(groupId), errorCode: code, groupState: '' })),
  }),
  handle: ({ groups: asked, includeAuthorizedOperations }, context, { groups }) => ({
    groups: asked.map((groupId) => {
      if (!context.authorize('describe', 'group', groupId))
        return { ...noGroup(groupId), errorCode: errorCode.GROUP_AUTHORIZATION_FAILED, groupState: '' };
      const operations = includeAuthorizedOperations ? context.operationsOn('group', groupId) : operationsNotAsked;
      const group = groups.describe(groupId);
      if (typeof group === 'number') return { ...noGroup(groupId), errorCode: group, groupState: '' };
      if (group && group.phase !== 'Dead') return { ...describe(group), authorizedOperations: operations };
      if (context.apiVersion < 6) return { ...noGroup(groupId), authorizedOperations: operations };
      return {
        ...noGroup(groupId),
        errorCode: errorCode.GROUP_ID_NOT_FOUND,
        errorMessage: groups.describeConsumer(groupId)
          ? `Group ${groupId} is not a classic group.`
          : `Group ${groupId} not found.`,
      };
    }),
  }),
});

function noGroup(groupId: string) {
  return {
    errorCode: errorCode.NONE,
    errorMessage: null,
    groupId,
    groupState: 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
  };
}

function describe(group: GroupView) {
  return {
    ...noGroup(group.groupId),
    groupState: group.phase,
    protocolType: group.protocolType ?? '',
    protocolData: group.protocolName ?? '',
    members: group.members.map(({ metadata, assignment, ...member }) => ({
      ...member,
      memberMetadata: metadata,
      memberAssignment: assignment,
    })),
  };
}
