import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { FrameConnection } from '../../../base/net.ts';
import { collectGarbageSoon } from '../../../host/collect-garbage.ts';
import { createServer as createHttpServer } from '../../../host/node-http.ts';
import type { ConnectionVerdict } from '../../quota/connection-limits.ts';
import type { TurnedAway } from '../turned-away.ts';
import type { ByteStream } from './byte-stream.ts';
import { ConnectionList } from './connection-list.ts';
import type { DescriptorWatch } from './descriptor-watch.ts';
import { sniffProtocol } from './first-byte.ts';
import { FramedConnection } from './framed-connection.ts';
import type { BrokerStatus } from './http-endpoints.ts';
import { answerHttp } from './http-endpoints.ts';
import { RequestBudget } from './request-budget.ts';
import type { GuardOptions, Refusal } from './request-guard.ts';
import { refusePage, refusePeer } from './request-guard.ts';
import { ResponseBudget } from './response-budget.ts';
import { TcpStream } from './tcp-stream.ts';
import { WebSocketStream } from './web-socket-stream.ts';

/** From its first byte on, an HTTP request must be complete and its answer taken within this time, or have become a WebSocket. */
const httpWaitMsMax = 10_000;
const listenBacklog = 1_024;
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
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly clusterKey: string;
  readonly guard: GuardOptions;
  readonly frameBytesMax: number;
  readonly sendBufferBytesMax: number;
  /** Bytes of requests that have not arrived whole, over all connections of clients. */
  readonly requestBytesMax: number;
  /** Bytes of responses that have not been taken, over all connections of clients. */
  readonly responseBytesMax: number;
  readonly connectionsMax: number;
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
 * The one port of a broker. The first byte tells HTTP (`/healthz`, `/readyz`, `/metrics`, WebSocket upgrades of `/kafka`
 * and `/peer`) from TLS (not served yet: closed) and from the Kafka protocol.
 */
export class BrokerServer {
  readonly #options: BrokerServerOptions;
  readonly #connections: ConnectionList;
  readonly #tcp: Server;
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
    this.#tcp = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket));
    const nowMs = () => performance.now();
    this.#requestBudget = new RequestBudget(options.requestBytesMax, requestStallMsMax, nowMs);
    this.#responseBudget = new ResponseBudget(options.responseBytesMax, responseStallMsMax, nowMs);
    this.#budgetTimer = setInterval(() => {
      this.#requestBudget.check();
      this.#responseBudget.check();
    }, budgetCheckMs).unref();
    this.#http = createHttpServer((request, response) => {
      this.#connections.opened(request.socket);
      answerHttp(request, response, options.status, options.guard);
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
   * Listens; resolves with the port.
   * @throws MillraceError `PORT_IN_USE` or `LISTEN_FAILED`
   */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (cause: NodeJS.ErrnoException): void => reject(listenError(host, port, cause));
      this.#tcp.once('error', failed);
      this.#tcp.listen({ host, port, backlog: listenBacklog }, () => {
        this.#tcp.off('error', failed);
        // One connection that could not be accepted is no reason to end.
        this.#tcp.on('error', (error: NodeJS.ErrnoException) =>
          this.#options.turnedAway.note('it could not be accepted', { reason: error.code ?? error.message }),
        );
        resolve((this.#tcp.address() as AddressInfo).port);
      });
    });
  }

  /** Stops listening and closes every connection. */
  close(): Promise<void> {
    clearInterval(this.#budgetTimer);
    return new Promise((resolve) => {
      this.#tcp.close(() => resolve());
      this.#webSockets.close();
      this.#http.close();
      this.#connections.closeAll('the broker stops');
    });
  }

  #accept(socket: Socket): void {
    if (!this.#connections.admit(socket)) return;
    const { remoteAddress } = socket;
    socket.on('error', () => {});
    sniffProtocol(socket, (protocol) => {
      if (protocol === 'kafka' && this.#isOut()) return this.#turnAway(socket, 'no file descriptor is left');
      if (protocol === 'kafka') return this.#admit(socket, () => this.#serve(new TcpStream(socket), socket, false));
      if (protocol === 'http') return this.#serveHttp(socket);
      this.#turnAway(socket, 'this broker has no TLS listener, use a plaintext client', { remoteAddress });
    });
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
    this.#connections.opened(socket);
    const refusal = this.#refuse(request, path ?? '');
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
        this.#serve(new WebSocketStream(webSocket, address, socket), socket, isPeer);
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

  #refuse(request: IncomingMessage, path: string): Refusal | { status: 404; reason: string } | undefined {
    if (path !== '/kafka' && path !== '/peer') return { status: 404, reason: 'expected /kafka or /peer' };
    const refusal = refusePage(request.headers, this.#options.guard);
    if (refusal || path === '/kafka') return refusal;
    return refusePeer(request.headers, this.#options.clusterKey);
  }

  #serve(stream: ByteStream, socket: Duplex, isPeer: boolean): void {
    const { frameBytesMax, sendBufferBytesMax, onTraffic, onConnection } = this.#options;
    const onFirstFrame = () => this.#connections.opened(socket);
    const connection = new FramedConnection(stream, {
      isPeer,
      ...(!isPeer && { requestBudget: this.#requestBudget, responseBudget: this.#responseBudget }),
      onDropped: (bytes) => this.#dropped(bytes),
      onCut: (reason) => this.#options.turnedAway.note(reason, { remoteAddress: stream.remoteAddress }),
      frameBytesMax,
      sendBufferBytesMax,
      onTraffic,
      onFirstFrame,
    });
    this.#connections.attach(socket, connection);
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

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): MillraceError {
  if (cause.code === 'EADDRINUSE')
    return new MillraceError('PORT_IN_USE', `expected port ${port} of ${host} to be free, found it in use`, {
      cause,
      details: { host, port },
    });
  return new MillraceError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${cause.code ?? cause.message}`, {
    cause,
    details: { host, port },
  });
}
