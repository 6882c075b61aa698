import { heartbeatRequest, heartbeatResponse } from '../../../protocol/schemas/12-heartbeat.ts';
import { memberRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * Heartbeat 0-4, classic protocol; of members in groups of the consumer protocol too.
 * - Keeps the member's session; REBALANCE_IN_PROGRESS tells it to join again. 3: static members (KIP-345).
 */

export const heartbeatHandler = defineHandler(heartbeatRequest, heartbeatResponse, {
  needs: ['groups'],
  right: memberRight,
  handle: (request, _context, { groups }) => {
    const code = groups.heartbeat(request.groupId, request, request.generationId);
    return typeof code === 'number' ? { errorCode: code } : code.then((errorCode) => ({ errorCode }));
  },
});
