import { errorCode } from '../../../protocol/error-codes.ts';
import { fetchSnapshotRequest, fetchSnapshotResponse } from '../../../protocol/schemas/59-fetch-snapshot.ts';
import { defineHandler } from '../handler.ts';
import { raftRefusal } from '../quorum/raft-refusal.ts';
import { snapshotFromWire, snapshotReplyToWire } from '../quorum/raft-wire.ts';

/*
 * FetchSnapshot 0-1, between brokers: a piece of a metadata snapshot (KIP-630).
 * - A snapshot that a newer one has replaced is SNAPSHOT_NOT_FOUND; the follower then fetches the newer one.
 * - Not implemented: maxBytes of the request; a piece has the size that this broker sends in a fetch.
 */
export const fetchSnapshotHandler = defineHandler(fetchSnapshotRequest, fetchSnapshotResponse, {
  needs: ['quorum'],
  handle: async (request, _context, { quorum }) => {
    const refused = (code: number) => ({ errorCode: code, topics: [] });
    const refusal = raftRefusal(quorum, request.clusterId);
    if (refusal !== undefined) return refused(refusal);
    const message = snapshotFromWire(request);
    if (!message) return refused(errorCode.INVALID_REQUEST);
    const { reply, piece } = await quorum.ask(message);
    return reply.type === 'snapshot' ? snapshotReplyToWire(reply, piece) : refused(errorCode.UNKNOWN_SERVER_ERROR);
  },
});
