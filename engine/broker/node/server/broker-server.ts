import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Log } from '../../../base/log.ts';
import type { FrameConnection } from '../../../base/net.ts';
import { collectGarbageSoon } from '../../../host/collect-garbage.ts';
import { createServer as createHttpServer } from '../../../host/node-http.ts';
import type { ConnectionVerdict } from '../../quota/connection-limits.ts';
import type { TurnedAway } from '../turned-away.ts';
import type { ByteStream } from './byte-stream.ts';
import { ConnectionList } from './connection-list.ts';
import type { DescriptorWatch } from './descriptor-watch.ts';
import type { Arrival, Door } from './door.ts';
import { sniffProtocol } from './first-byte.ts';
import { FramedConnection } from './framed-connection.ts';
import type { BrokerStatus } from './http-endpoints.ts';
import { answerHttp } from './http-endpoints.ts';
import { listenAt } from './listen-at.ts';
import { RequestBudget } from './request-budget.ts';
import type { GuardOptions, Refusal } from './request-guard.ts';
import { refusePage, refusePeer } from './request-guard.ts';
import { ResponseBudget } from './response-budget.ts';
import { TcpStream } from './tcp-stream.ts';
import { WebSocketStream } from './web-socket-stream.ts';

/** From its first byte on, an HTTP request must be complete and its answer taken within this time, or have become a WebSocket. */
const httpWaitMsMax = 10_000;
/** How an IPv4 address shows on a socket that listens to both. */
const mappedV4Prefix = /^::ffff:/;
const budgetCheckMs = 1_000;
/** While others wait for memory: a request that brings nothing for this long, and a client that takes nothing for this long. */
const requestStallMsMax = 10_000;
const responseStallMsMax = 30_000;
/** Closed connections that left this much behind are worth a garbage collection. */
const droppedBytesMax = 33_554_432;

export interface AddressLimits {
  opened(address: string): ConnectionVerdict;
  /** One that was to be served is gone. */
  closed(address: string): void;
}

export interface BrokerServerOptions {
  readonly doors: readonly Door[];
  readonly clusterKey: string;
  readonly guard: GuardOptions;
  readonly frameBytesMax: number;
  readonly sendBufferBytesMax: number;
  /** Bytes of requests that have not arrived whole, over all connections of clients. */
  readonly requestBytesMax: number;
  /** Bytes of responses that have not been taken, over all connections of clients. */
  readonly responseBytesMax: number;
  readonly connectionsMax: () => number;
  readonly idleMsMax: number;
  /** Left out in tests: 10 s. */
  readonly httpWaitMsMax?: number;
  readonly log: Log;
  readonly turnedAway: TurnedAway;
  readonly descriptors?: Pick<DescriptorWatch, 'isOut'>;
  /** Asked about each client that connects, by its address without the port. Left out: all are served. */
  readonly limits?: AddressLimits;
  readonly status: BrokerStatus;
  readonly onConnection: (connection: FrameConnection) => void;
  readonly onTraffic: (direction: 'in' | 'out', bytes: number) => void;
}

/**
 * The ports of a broker, one as a rule. The first byte tells HTTP (`/healthz`, `/readyz`, `/metrics`, WebSocket upgrades of `/kafka`
 * and `/peer`) from TLS, in which the same is told once more, and from the Kafka protocol. All bounds hold for all ports together.
 */
export class BrokerServer {
  readonly #options: BrokerServerOptions;
  readonly #connections: ConnectionList;
  #listening: readonly Server[] = [];
  /** How each socket of HTTP has come in. */
  readonly #arrivals = new WeakMap<Duplex, Arrival>();
  /** The socket below each one that speaks TLS: that one is counted. */
  readonly #under = new WeakMap<Duplex, Socket>();
  readonly #http: HttpServer;
  readonly #webSockets: WebSocketServer;
  readonly #requestBudget: RequestBudget;
  readonly #responseBudget: ResponseBudget;
  readonly #budgetTimer: NodeJS.Timeout;
  #droppedBytes = 0;
  readonly #httpDeadlines = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(options: BrokerServerOptions) {
    this.#options = options;
    this.#connections = new ConnectionList(options.connectionsMax, options.idleMsMax, options.log, options.turnedAway);
    const nowMs = () => performance.now();
    this.#requestBudget = new RequestBudget(options.requestBytesMax, requestStallMsMax, nowMs);
    this.#responseBudget = new ResponseBudget(options.responseBytesMax, responseStallMsMax, nowMs);
    this.#budgetTimer = setInterval(() => {
      this.#requestBudget.check();
      this.#responseBudget.check();
    }, budgetCheckMs).unref();
    this.#http = createHttpServer((request, response) => {
      this.#opened(request.socket);
      const isOpen = this.#arrivals.get(request.socket)?.entrance !== undefined;
      answerHttp(request, response, options.status, { ...options.guard, showsMetrics: isOpen });
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // A message may hold a whole frame with its size field.
      maxPayload: options.frameBytesMax + 4,
    });
  }

  get connectionCount(): number {
    return this.#connections.count;
  }

  /**
   * Listens; resolves with the ports, in the order of the doors.
   * @throws MillraceError `PORT_IN_USE` or `LISTEN_FAILED`
   */
  async listen(): Promise<readonly number[]> {
    const { doors, turnedAway } = this.#options;
    const opened = await Promise.allSettled(
      doors.map((door) => listenAt(door, (socket) => this.#accept(door, socket), turnedAway)),
    );
    this.#listening = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.server] : []));
    for (const outcome of opened)
      if (outcome.status === 'rejected') {
        await this.close();
        throw outcome.reason;
      }
    return opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.port] : []));
  }

  /** Stops listening and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.#budgetTimer);
    const closed = this.#listening.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.#webSockets.close();
    this.#http.close();
    this.#connections.closeAll('the broker stops');
    await Promise.all(closed);
  }

  #accept(door: Door, socket: Socket): void {
    if (!this.#connections.admit(socket)) return;
    socket.on('error', () => {});
    sniffProtocol(socket, (protocol) => {
      const { remoteAddress } = socket;
      const arrival = { entrance: door.plain, certifiedName: undefined };
      if (protocol !== 'tls') return this.#arrived(socket, protocol === 'http', arrival);
      if (!door.tls) return this.#turnAway(socket, 'TLS where this broker has no listener with TLS', { remoteAddress });
      const { endpoint } = door.tls;
      endpoint.secure(socket, (secured, why, detail) => {
        if (!secured) return this.#turnAway(socket, why, { remoteAddress, detail });
        this.#under.set(secured.socket, socket);
        secured.socket.on('error', () => {});
        sniffProtocol(secured.socket, (inside) =>
          this.#arrived(secured.socket, inside === 'http', {
            entrance: door.tls,
            certifiedName: secured.certifiedName,
          }),
        );
      });
    });
  }

  #arrived(socket: Socket, isHttp: boolean, arrival: Arrival): void {
    if (isHttp) {
      this.#arrivals.set(socket, arrival);
      return this.#serveHttp(socket);
    }
    const { remoteAddress } = socket;
    if (!arrival.entrance) return this.#turnAway(socket, 'a client without TLS where it is wanted', { remoteAddress });
    if (this.#isOut()) return this.#turnAway(socket, 'no file descriptor is left');
    this.#admit(socket, () => this.#serve(new TcpStream(socket), socket, false, arrival));
  }

  /** It has sent a whole request or header. */
  #opened(socket: Duplex): void {
    this.#connections.opened(this.#under.get(socket) ?? socket);
  }

  /** Silence is not what counts here: a client that sends a byte a second is never silent. */
  #serveHttp(socket: Socket): void {
    const { httpWaitMsMax: waitMs = httpWaitMsMax } = this.#options;
    const deadline = setTimeout(() => this.#turnAway(socket, 'an HTTP request took too long'), waitMs).unref();
    this.#httpDeadlines.set(socket, deadline);
    socket.once('close', () => clearTimeout(deadline));
    this.#http.emit('connection', socket);
  }

  #turnAway(socket: Duplex, reason: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.turnedAway.note(reason, fields);
    socket.destroy();
  }

  /** What is accepted now takes one of the descriptors kept back: for peers and for those who ask how the broker is. */
  #isOut(): boolean {
    return this.#options.descriptors?.isOut ?? false;
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const path = (request.url ?? '').split('?', 1)[0];
    this.#opened(socket);
    const arrival = this.#arrivals.get(socket) ?? { entrance: undefined, certifiedName: undefined };
    const refusal = this.#refuse(request, path ?? '', arrival);
    if (refusal) {
      this.#options.turnedAway.note('refused a WebSocket upgrade', {
        path: path?.slice(0, 100),
        reason: refusal.reason,
      });
      refuseUpgrade(socket, refusal);
      return;
    }
    if (path === '/kafka' && this.#isOut()) return this.#turnAway(socket, 'no file descriptor is left');
    const isPeer = path === '/peer';
    const upgrade = () =>
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        clearTimeout(this.#httpDeadlines.get(socket));
        const address = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
        this.#serve(new WebSocketStream(webSocket, address, socket), socket, isPeer, arrival);
      });
    if (isPeer) upgrade();
    else this.#admit(socket, upgrade);
  }

  /** Serves a client, when it is its turn, or closes it where its address has had enough. */
  #admit(socket: Socket, serve: () => void): void {
    const { limits } = this.#options;
    if (!limits) return serve();
    const address = (socket.remoteAddress ?? '').replace(mappedV4Prefix, '');
    const { afterMs, refusal } = limits.opened(address);
    if (refusal === undefined) socket.once('close', () => limits.closed(address));
    const settle = () => (refusal === undefined ? serve() : this.#turnAway(socket, refusal, { address }));
    if (afterMs <= 0) return settle();
    const timer = setTimeout(settle, afterMs).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  #dropped(bytes: number): void {
    this.#droppedBytes += bytes;
    if (this.#droppedBytes < droppedBytesMax) return;
    this.#droppedBytes = 0;
    collectGarbageSoon();
  }

  #refuse(
    request: IncomingMessage,
    path: string,
    { entrance }: Arrival,
  ): Refusal | { status: 404; reason: string } | undefined {
    if (path !== '/kafka' && path !== '/peer') return { status: 404, reason: 'expected /kafka or /peer' };
    if (!entrance) return { status: 403, reason: 'expected TLS (wss)' };
    if (path === '/peer' && !entrance.isForPeers)
      return { status: 403, reason: 'expected brokers on the listener that is for them' };
    const refusal = refusePage(request.headers, this.#options.guard);
    if (refusal || path === '/kafka') return refusal;
    return refusePeer(request.headers, this.#options.clusterKey);
  }

  #serve(stream: ByteStream, socket: Duplex, isPeer: boolean, { entrance, certifiedName }: Arrival): void {
    const { frameBytesMax, sendBufferBytesMax, onTraffic, onConnection } = this.#options;
    const onFirstFrame = () => this.#opened(socket);
    const connection = new FramedConnection(stream, {
      isPeer,
      listener: entrance?.listener,
      certifiedName,
      ...(!isPeer && { requestBudget: this.#requestBudget, responseBudget: this.#responseBudget }),
      onDropped: (bytes) => this.#dropped(bytes),
      onCut: (reason) => this.#options.turnedAway.note(reason, { remoteAddress: stream.remoteAddress }),
      frameBytesMax,
      sendBufferBytesMax,
      onTraffic,
      onFirstFrame,
    });
    this.#connections.attach(this.#under.get(socket) ?? socket, connection);
    onConnection(connection);
  }
}

const statusTexts = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' } as const;

function refuseUpgrade(socket: Duplex, { status, reason }: { status: keyof typeof statusTexts; reason: string }): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${statusTexts[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
