import { leaveGroupRequest, leaveGroupResponse } from '../../../protocol/schemas/13-leave-group.ts';
import type { MemberClaim } from '../../group/classic/member-check.ts';
import { memberRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * LeaveGroup 0-5, classic protocol.
 * - 0-2: one member, whose error is the response's own. 3+: several members, static ones by their instance (KIP-345).
 */

export const leaveGroupHandler = defineHandler(leaveGroupRequest, leaveGroupResponse, {
  needs: ['groups'],
  right: memberRight,
  handle: async (request, { apiVersion }, { groups }) => {
    const claims = apiVersion >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null }];
    const { errorCode, members } = await groups.leave(request.groupId, claims);
    if (apiVersion < 3) return { errorCode: errorCode || (members[0] ?? 0), members: [] };
    const rows = members.map((code, index) => ({ ...(claims[index] as MemberClaim), errorCode: code }));
    return { errorCode, members: rows };
  },
});
