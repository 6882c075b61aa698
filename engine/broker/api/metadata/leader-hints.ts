import { errorCode } from '../../../protocol/error-codes.ts';
import type { LeaderHint } from '../../replica/append/append-reply.ts';
import { noLeaderHint } from '../../replica/append/append-reply.ts';
import type { ClusterView, TopicView } from './cluster-view.ts';
import { endPointOf } from './cluster-view.ts';

/** A broker in the answer's own list of addresses (KIP-951). */
export interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** Collects who leads the partitions that a client asked the wrong broker for, so that it need not ask for metadata (KIP-951). */
export class LeaderHints {
  readonly #view: ClusterView;
  readonly #listener: string;
  readonly #endpoints = new Map<number, NodeEndpoint>();

  /** `listener`: the one that the client came in on. */
  constructor(view: ClusterView, listener: string) {
    this.#view = view;
    this.#listener = listener;
  }

  /** The leader as far as the metadata or `known` say, whichever is newer; nothing for other errors. */
  hintFor(code: number, topic: TopicView | undefined, partition: number, known: LeaderHint = noLeaderHint): LeaderHint {
    if (code !== errorCode.NOT_LEADER_OR_FOLLOWER && code !== errorCode.FENCED_LEADER_EPOCH) return noLeaderHint;
    const view = topic?.partitions[partition];
    const hint =
      view && view.leaderEpoch >= known.leaderEpoch ? { leaderId: view.leader, leaderEpoch: view.leaderEpoch } : known;
    const broker = this.#view.brokers.get(hint.leaderId);
    const endPoint = broker && !broker.fenced && endPointOf(broker, this.#listener);
    if (endPoint) {
      const { id, rack } = broker;
      this.#endpoints.set(id, { nodeId: id, host: endPoint.host, port: endPoint.port, rack });
    }
    return hint;
  }

  get nodeEndpoints(): readonly NodeEndpoint[] {
    return [...this.#endpoints.values()];
  }
}
