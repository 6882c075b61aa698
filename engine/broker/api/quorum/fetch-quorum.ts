import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import type { QuorumServices } from './quorum-services.ts';
import { raftRefusal } from './raft-refusal.ts';
import { fetchFromWire, fetchReplyToWire } from './raft-wire.ts';

/** Answers a Fetch of `__cluster_metadata`, from a voter or an observer, with records of the raft log; refuses others. */
export async function fetchQuorum(
  request: FetchRequest,
  quorum: QuorumServices,
): Promise<MessageInput<typeof fetchResponse>> {
  const refused = (code: number) => ({ errorCode: code, responses: [] });
  const refusal = raftRefusal(quorum, request.clusterId);
  if (refusal !== undefined) return refused(refusal);
  const message = fetchFromWire(request);
  if (!message) return refused(errorCode.INVALID_REQUEST);
  const { reply, records } = await quorum.ask(message);
  return reply.type === 'fetch' ? fetchReplyToWire(reply, records) : refused(errorCode.UNKNOWN_SERVER_ERROR);
}
