import { errorCode } from '../../../protocol/error-codes.ts';
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from '../../../protocol/schemas/53-begin-quorum-epoch.ts';
import { defineHandler } from '../handler.ts';
import { raftRefusal } from '../quorum/raft-refusal.ts';
import { beginFromWire, epochReplyToWire } from '../quorum/raft-wire.ts';

/*
 * BeginQuorumEpoch 0-1, between brokers: a new leader of the metadata quorum makes itself known (KIP-595).
 * - An older epoch is refused with FENCED_LEADER_EPOCH.
 * - Not implemented: leader endpoints are ignored, since the voters in the metadata log have their addresses.
 */
export const beginQuorumEpochHandler = defineHandler(beginQuorumEpochRequest, beginQuorumEpochResponse, {
  needs: ['quorum'],
  handle: async (request, _context, { quorum }) => {
    const refusal = raftRefusal(quorum, request.clusterId);
    if (refusal !== undefined) return { errorCode: refusal, topics: [] };
    const message = beginFromWire(request);
    if (!message) return { errorCode: errorCode.INVALID_REQUEST, topics: [] };
    const { reply } = await quorum.ask(message);
    return reply.type === 'begin' ? epochReplyToWire(reply) : { errorCode: errorCode.UNKNOWN_SERVER_ERROR, topics: [] };
  },
});
