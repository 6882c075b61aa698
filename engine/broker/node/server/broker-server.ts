import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { FrameConnection } from '../../../base/net.ts';
import { createServer as createHttpServer } from '../../../host/node-http.ts';
import type { ByteStream } from './byte-stream.ts';
import { ConnectionList } from './connection-list.ts';
import { sniffProtocol } from './first-byte.ts';
import { FramedConnection } from './framed-connection.ts';
import type { BrokerStatus } from './http-endpoints.ts';
import { answerHttp } from './http-endpoints.ts';
import type { GuardOptions, Refusal } from './request-guard.ts';
import { refusePage, refusePeer } from './request-guard.ts';
import { TcpStream } from './tcp-stream.ts';
import { WebSocketStream } from './web-socket-stream.ts';

/** A plain HTTP request must be complete, and its answer taken, within this time. */
const httpWaitMsMax = 10_000;
const listenBacklog = 1_024;

export interface BrokerServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly clusterKey: string;
  readonly guard: GuardOptions;
  readonly frameBytesMax: number;
  readonly sendBufferBytesMax: number;
  readonly connectionsMax: number;
  readonly idleMsMax: number;
  readonly log: Log;
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

  constructor(options: BrokerServerOptions) {
    this.#options = options;
    this.#connections = new ConnectionList(options.connectionsMax, options.idleMsMax, options.log);
    this.#tcp = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#accept(socket));
    this.#http = createHttpServer((request, response) => answerHttp(request, response, options.status, options.guard));
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
      this.#tcp.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
      this.#tcp.listen({ host, port, backlog: listenBacklog }, () =>
        resolve((this.#tcp.address() as AddressInfo).port),
      );
    });
  }

  /** Stops listening and closes every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#tcp.close(() => resolve());
      this.#webSockets.close();
      this.#http.close();
      this.#connections.closeAll('the broker stops');
    });
  }

  #accept(socket: Socket): void {
    if (!this.#connections.admit(socket)) return;
    socket.on('error', () => {});
    sniffProtocol(socket, (protocol) => {
      if (protocol === 'kafka') return this.#serve(new TcpStream(socket), socket, false);
      if (protocol === 'http') {
        socket.setTimeout(httpWaitMsMax, () => socket.destroy());
        this.#http.emit('connection', socket);
        return;
      }
      this.#options.log.warn('closed a TLS connection: this broker has no TLS listener, use a plaintext client', {
        remoteAddress: socket.remoteAddress,
      });
      socket.destroy();
    });
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const path = (request.url ?? '').split('?', 1)[0];
    const refusal = this.#refuse(request, path ?? '');
    if (refusal) {
      this.#options.log.warn('refused a WebSocket upgrade', { path, reason: refusal.reason });
      refuseUpgrade(socket, refusal);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.setTimeout(0);
      const address = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
      this.#serve(new WebSocketStream(webSocket, address, socket), socket, path === '/peer');
    });
  }

  #refuse(request: IncomingMessage, path: string): Refusal | { status: 404; reason: string } | undefined {
    if (path !== '/kafka' && path !== '/peer') return { status: 404, reason: 'expected /kafka or /peer' };
    const refusal = refusePage(request.headers, this.#options.guard);
    if (refusal || path === '/kafka') return refusal;
    return refusePeer(request.headers, this.#options.clusterKey);
  }

  #serve(stream: ByteStream, socket: Duplex, isPeer: boolean): void {
    const { frameBytesMax, sendBufferBytesMax, onTraffic, onConnection } = this.#options;
    const connection = new FramedConnection(stream, { isPeer, frameBytesMax, sendBufferBytesMax, onTraffic });
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
