import { errorCode } from '../../../protocol/error-codes.ts';
import { voteRequest, voteResponse } from '../../../protocol/schemas/52-vote.ts';
import { defineHandler } from '../handler.ts';
import { raftRefusal } from '../quorum/raft-refusal.ts';
import { voteFromWire, voteReplyToWire } from '../quorum/raft-wire.ts';

/*
 * Vote 0-2, between brokers.
 * - 2: pre-vote (KIP-996). The answer carries the epoch and the leader that this voter knows.
 * - A request for another cluster is refused with INCONSISTENT_CLUSTER_ID.
 * - A voter with another disk than the asker knows refuses with INVALID_VOTER_KEY (KIP-853).
 */
export const voteHandler = defineHandler(voteRequest, voteResponse, {
  needs: ['quorum'],
  handle: async (request, _context, { quorum }) => {
    const refusal = raftRefusal(quorum, request.clusterId);
    if (refusal !== undefined) return { errorCode: refusal, topics: [] };
    const message = voteFromWire(request);
    if (!message) return { errorCode: errorCode.INVALID_REQUEST, topics: [] };
    const { reply } = await quorum.ask(message);
    return reply.type === 'vote' ? voteReplyToWire(reply) : { errorCode: errorCode.UNKNOWN_SERVER_ERROR, topics: [] };
  },
});
