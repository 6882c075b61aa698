import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { removeRaftVoterRequest, removeRaftVoterResponse } from '../../../protocol/schemas/81-remove-raft-voter.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * RemoveRaftVoter 0: any broker; the active controller answers once the new set is committed (KIP-853).
 * - ALTER on the cluster. The voter goes on as an observer. One that leads hands the lead over first.
 */
export const removeRaftVoterHandler = defineHandler(removeRaftVoterRequest, removeRaftVoterResponse, {
  needs: ['controller'],
  right: clusterRight('alter'),
  refuse: (_request, code) => refuse(code),
  handle: async (request, _context, { controller }) => {
    try {
      return await controller.submit(apis.removeRaftVoter, request);
    } catch (error) {
      return refuse(codeOfFailure(error));
    }
  },
});

function refuse(code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code) };
}
