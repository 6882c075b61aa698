import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { addRaftVoterRequest, addRaftVoterResponse } from '../../../protocol/schemas/80-add-raft-voter.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AddRaftVoter 0-1: any broker; the active controller waits until the new voter has fetched everything, and answers once the
 * new set is committed (KIP-853).
 * - ALTER on the cluster. 1: `ackWhenCommitted` false is answered like true, a little later than asked for.
 */
export const addRaftVoterHandler = defineHandler(addRaftVoterRequest, addRaftVoterResponse, {
  needs: ['controller'],
  right: clusterRight('alter'),
  refuse: (_request, code) => refuse(code),
  handle: async (request, _context, { controller }) => {
    try {
      return await controller.submit(apis.addRaftVoter, request, { timeoutMs: adminTimeoutMs(request.timeoutMs) });
    } catch (error) {
      return refuse(codeOfFailure(error));
    }
  },
});

function refuse(code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code) };
}
