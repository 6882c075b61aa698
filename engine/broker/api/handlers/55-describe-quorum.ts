import { apis } from '../../../protocol/api-keys.ts';
import { describeQuorumRequest, describeQuorumResponse } from '../../../protocol/schemas/55-describe-quorum.ts';
import { clusterRight } from '../authorization/rights.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeQuorum 0-2: state of the metadata quorum, as its leader sees it (any broker forwards).
 * - 1: times of the last fetch and of the last time a voter had everything.
 * - 2: directory ids of the voters, and where they are reached.
 */
export const describeQuorumHandler = defineHandler(describeQuorumRequest, describeQuorumResponse, {
  needs: ['controller'],
  right: clusterRight('describe'),
  handle: async (request, _context, { controller }) => {
    try {
      return await controller.submit(apis.describeQuorum, request);
    } catch (error) {
      return { errorCode: codeOfFailure(error), topics: [] };
    }
  },
});
