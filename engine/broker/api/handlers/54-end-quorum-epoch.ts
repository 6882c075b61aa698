import { errorCode } from '../../../protocol/error-codes.ts';
import { endQuorumEpochRequest, endQuorumEpochResponse } from '../../../protocol/schemas/54-end-quorum-epoch.ts';
import { defineHandler } from '../handler.ts';
import { raftRefusal } from '../quorum/raft-refusal.ts';
import { endFromWire, epochReplyToWire } from '../quorum/raft-wire.ts';

/*
 * EndQuorumEpoch 0-1, between brokers: the leader of the metadata quorum leaves (KIP-595).
 * - The preferred candidate of version 1 asks for an election at once. Successors of version 0 are ignored.
 */
export const endQuorumEpochHandler = defineHandler(endQuorumEpochRequest, endQuorumEpochResponse, {
  needs: ['quorum'],
  handle: async (request, _context, { quorum }) => {
    const refusal = raftRefusal(quorum, request.clusterId);
    if (refusal !== undefined) return { errorCode: refusal, topics: [] };
    const message = endFromWire(request);
    if (!message) return { errorCode: errorCode.INVALID_REQUEST, topics: [] };
    const { reply } = await quorum.ask(message);
    return reply.type === 'end' ? epochReplyToWire(reply) : { errorCode: errorCode.UNKNOWN_SERVER_ERROR, topics: [] };
  },
});
