import { apis } from '../../../protocol/api-keys.ts';
import { updateRaftVoterRequest, updateRaftVoterResponse } from '../../../protocol/schemas/82-update-raft-voter.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * UpdateRaftVoter 0, from a voter to the active controller: its disk and where it is reached (KIP-853).
 */
export const updateRaftVoterHandler = defineHandler(updateRaftVoterRequest, updateRaftVoterResponse, {
  needs: ['controller'],
  handle: async (request, _context, { controller }) => {
    try {
      return await controller.submit(apis.updateRaftVoter, request);
    } catch (error) {
      return { errorCode: codeOfFailure(error) };
    }
  },
});
