import { errorCode } from '../../protocol/error-codes.ts';
import type { QuorumFetch } from './quorum-fetch.ts';
import { raftRefusal } from './raft-refusal.ts';
import { fetchFromWire, fetchReplyToWire } from './raft-wire.ts';

/** Answers a Fetch of the metadata topic: records of the raft log for another broker of the cluster. */
export const fetchQuorum: QuorumFetch = async (request, context) => {
  const { quorum } = context.broker;
  const refused = (code: number) => ({ throttleTimeMs: 0, errorCode: code, responses: [] });
  const refusal = raftRefusal(context, quorum, request.clusterId);
  if (refusal !== undefined) return refused(refusal);
  const message = fetchFromWire(request);
  if (!message) return refused(errorCode.INVALID_REQUEST);
  const { reply, records } = await quorum.ask(message);
  return reply.type === 'fetch' ? fetchReplyToWire(reply, records) : refused(errorCode.UNKNOWN_SERVER_ERROR);
};
