import { MillraceError } from '../../../base/errors.ts';
import { apis } from '../../../protocol/api-keys.ts';
import * as wire from '../../api/quorum/raft-wire.ts';
import type { RaftEvent } from '../../raft/raft-input.ts';
import type { RaftReply, RaftRequest } from '../../raft/raft-message.ts';
import { outlineOf } from './metadata-batches.ts';
import type { PeerRequest } from './peer-request.ts';

/** A request of raft on its way out. */
export interface OutgoingRequest {
  readonly requestId: number;
  readonly to: number;
  readonly request: RaftRequest;
}

export interface RaftSenderOptions {
  readonly clusterId: string;
  readonly requestTimeoutMs: number;
  readonly fetchBytesMax: number;
  readonly request: PeerRequest;
}

type Answer = Pick<Extract<RaftEvent, { type: 'response' }>, 'reply' | 'records' | 'chunk'>;

/** Carries raft's requests to other voters and turns what comes back into raft's events. */
export class RaftSender {
  readonly #options: RaftSenderOptions;

  constructor(options: RaftSenderOptions) {
    this.#options = options;
  }

  /** Resolves with exactly one event; never rejects. `patience`: by how much it waits longer than set for the answer. */
  async send({ requestId, to, request }: OutgoingRequest, patience: number): Promise<RaftEvent> {
    try {
      const answer = await this.#exchange(to, request, this.#options.requestTimeoutMs * patience);
      if (answer) return { type: 'response', requestId, from: to, request, ...answer };
      return { type: 'failure', requestId, from: to, request, unreachable: false };
    } catch (error) {
      const unreachable = error instanceof MillraceError && error.code === 'PEER_UNREACHABLE';
      return { type: 'failure', requestId, from: to, request, unreachable };
    }
  }

  async #exchange(to: number, message: RaftRequest, timeoutMs: number): Promise<Answer | undefined> {
    const { clusterId, request } = this.#options;
    const options = { lane: 'raft', timeoutMs } as const;
    switch (message.type) {
      case 'vote': {
        const body = wire.voteToWire(clusterId, to, message);
        return alone(wire.voteReplyFromWire(await request(to, apis.vote, 2, body, options)));
      }
      case 'begin': {
        const body = wire.beginToWire(clusterId, to, message);
        return alone(wire.epochReplyFromWire('begin', await request(to, apis.beginQuorumEpoch, 1, body, options)));
      }
      case 'end': {
        const body = wire.endToWire(clusterId, message);
        return alone(wire.epochReplyFromWire('end', await request(to, apis.endQuorumEpoch, 1, body, options)));
      }
      case 'fetch':
        return this.#fetch(to, message, timeoutMs);
      case 'snapshot':
        return this.#fetchSnapshot(to, message, timeoutMs);
    }
  }

  async #fetch(
    to: number,
    message: Extract<RaftRequest, { type: 'fetch' }>,
    answerMsMax: number,
  ): Promise<Answer | undefined> {
    const { clusterId, request, fetchBytesMax } = this.#options;
    const body = wire.fetchToWire(clusterId, message, fetchBytesMax);
    const timeoutMs = answerMsMax + message.waitMsMax;
    const response = await request(to, apis.fetch, 18, body, { lane: 'raft-fetch', timeoutMs });
    const row = response.responses[0]?.partitions[0];
    if (!row) return undefined;
    const reply = wire.fetchReplyFromWire(row);
    const records = row.records?.length ? outlineOf(row.records) : undefined;
    return records ? { reply, records } : { reply };
  }

  async #fetchSnapshot(
    to: number,
    message: Extract<RaftRequest, { type: 'snapshot' }>,
    timeoutMs: number,
  ): Promise<Answer | undefined> {
    const { clusterId, request, fetchBytesMax } = this.#options;
    const body = wire.snapshotToWire(clusterId, message, fetchBytesMax);
    const response = await request(to, apis.fetchSnapshot, 1, body, { lane: 'raft-fetch', timeoutMs });
    const row = response.topics[0]?.partitions[0];
    if (!row) return undefined;
    const payload = row.unalignedRecords;
    const chunk = { payload, position: row.position, lengthBytes: payload.length, sizeBytes: row.size };
    return { reply: wire.snapshotReplyFromWire(row), chunk };
  }
}

function alone(reply: RaftReply | undefined): Answer | undefined {
  return reply && { reply };
}
