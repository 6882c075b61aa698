import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { Dialer } from '../../base/net.ts';
import type { Api } from '../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import type { HostPort } from './config/broker-config.ts';
import { PeerChannel } from './peer-channel.ts';

/**
 * Connections to one peer are kept apart by what may wait on them, as a peer answers each in order: votes must not stand
 * behind a fetch that waits for records, nor heartbeats behind the creation of a topic, nor a producer behind the replicas
 * that another one's marker waits for.
 */
export type PeerLane = 'raft' | 'raft-fetch' | 'replica-fetch' | 'control' | 'heartbeat' | 'txn-markers' | 'txn-entry';

export interface PeerRequestOptions {
  readonly lane: PeerLane;
  readonly timeoutMs: number;
}

export interface PeersOptions {
  readonly dialer: Dialer;
  readonly clock: Clock;
  /** Name of this broker in the peer's logs. */
  readonly clientId: string;
  /** Where a broker is reached now; undefined when nobody knows. */
  readonly addressOf: (brokerId: number) => HostPort | undefined;
}

/** The other brokers of the cluster. Connections are made at the first request and again after they broke. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #channels = new Map<string, PeerChannel>();
  #closed = false;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /**
   * Sends a request and resolves with the response.
   * Rejects with MillraceError `PEER_UNREACHABLE` (no connection, or it broke), `PEER_TIMEOUT` or `PEER_BUSY`.
   */
  async request<Req extends MessageSchema, Res extends MessageSchema>(
    brokerId: number,
    api: Api<Req, Res>,
    version: number,
    body: MessageInput<Req>,
    { lane, timeoutMs }: PeerRequestOptions,
  ): Promise<MessageOf<Res>> {
    return this.#channel(brokerId, lane).request(api, version, body, timeoutMs);
  }

  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.close('this broker stops');
    this.#channels.clear();
  }

  #channel(brokerId: number, lane: PeerLane): PeerChannel {
    const { dialer, clock, clientId, addressOf } = this.#options;
    const target = this.#closed ? undefined : addressOf(brokerId);
    if (!target)
      throw new MillraceError('PEER_UNREACHABLE', `expected an address for broker ${brokerId}, found none`, {
        retriable: true,
        details: { brokerId },
      });
    const address = `${target.host}:${target.port}`;
    const key = `${brokerId}/${lane}`;
    const known = this.#channels.get(key);
    if (known && !known.isClosed && known.address === address) return known;
    known?.close('the broker has moved');
    const channel = new PeerChannel(dialer.dial(target.host, target.port), address, clock, clientId);
    this.#channels.set(key, channel);
    return channel;
  }
}
