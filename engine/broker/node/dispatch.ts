import { messageOf } from '../../base/errors.ts';
import type { FrameConnection } from '../../base/net.ts';
import type { RequestHeader } from '../../protocol/frame.ts';
import { decodeRequestHeader } from '../../protocol/frame.ts';
import { ConnectionSession } from '../api/connection/connection-session.ts';
import { anonymous, clusterPrincipal } from '../security/principal.ts';
import { takeBareToken } from './exchange/bare-token.ts';
import { ConnectionMute } from './exchange/connection-mute.ts';
import type { ExchangeEnds } from './exchange/exchange.ts';
import { Exchange } from './exchange/exchange.ts';
import type { PipelineParts } from './exchange/pipeline-parts.ts';
import { runExchange } from './exchange/run-exchange.ts';
import { ResponseQueue } from './response-queue.ts';
import type { NewLogin } from './sasl-logins.ts';

export interface DispatchOptions extends PipelineParts {
  /** Requests of one connection that may be unanswered at a time. */
  readonly inFlightRequestsMax: number;
  /** How the client of a new connection proves who it is; undefined where nobody has to. */
  readonly newLogin?: NewLogin | undefined;
  /** Where clients are told apart: undefined once that can be done, else what resolves then. Until then nothing is read of them. */
  readonly untilKnown?: (() => Promise<void> | undefined) | undefined;
}

/** Reads the requests of connections and takes each through the steps of an exchange. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #connections = new Set<FrameConnection>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Takes over a new connection: reads its requests until it closes. */
  serve(connection: FrameConnection): void {
    const session = connection.isPeer ? new ConnectionSession(clusterPrincipal) : this.#clientSession(connection);
    const mute = new ConnectionMute(connection, this.#options.clock);
    const queue = new ResponseQueue(connection, this.#options.inFlightRequestsMax);
    const ends = { connection, session, mute };
    this.#connections.add(connection);
    connection.onClose = () => {
      this.#connections.delete(connection);
      queue.close();
      mute.close();
      session.close();
    };
    connection.onFrame = (frame) => this.#receive(frame, ends, queue);
    if (!connection.isPeer) this.#holdUntilKnown(connection);
  }

  /** What a certificate says counts where nobody has to log in: as in Kafka. */
  #clientSession({ listener, certifiedName }: FrameConnection): ConnectionSession {
    const principal = certifiedName === undefined ? anonymous : { type: 'User', name: certifiedName };
    const login = this.#options.newLogin?.(listener);
    return new ConnectionSession(login ? anonymous : principal, login, listener);
  }

  /** Closes every connection. */
  close(reason: string): void {
    for (const connection of [...this.#connections]) connection.close(reason);
  }

  /** A broker without its metadata would refuse everybody, which clients take as final. */
  #holdUntilKnown(connection: FrameConnection): void {
    const known = this.#options.untilKnown?.();
    if (!known) return;
    connection.pause('starting');
    void known.then(() => connection.resume('starting'));
  }

  #receive(frame: Buffer, ends: ExchangeEnds, queue: ResponseQueue): void {
    const { login } = ends.session;
    if (login?.expectsBareToken) {
      const place = queue.open();
      if (place) takeBareToken(frame, login, ends, place, this.#options);
      return;
    }
    let header: RequestHeader;
    try {
      header = decodeRequestHeader(frame);
    } catch (error) {
      this.#drop(ends.connection, 'a request that cannot be read', { reason: messageOf(error) });
      return;
    }
    const slot = queue.open();
    if (slot === undefined) {
      this.#drop(ends.connection, 'a client that sends on although it was held back', {});
      return;
    }
    runExchange(new Exchange(this.#options, ends, header, slot, frame.length), frame);
  }

  #drop(connection: FrameConnection, what: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.turnedAway.note(what, { remoteAddress: connection.remoteAddress, ...fields });
    connection.close(what);
  }
}
