import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { MillraceError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { createServer } from '../../host/node-http.ts';
import type { Emit } from '../../rpc/define-contract.ts';
import type { StudioContract, StudioHandlers } from '../contract.ts';
import type { StudioSession } from '../session.ts';
import { studioProtocol, studioRefusedProtocol } from '../studio-protocol.ts';
import { isOwnHost, isOwnOrigin, offersToken } from './access.ts';
import { serveStatic } from './static-files.ts';
import { serveWindow } from './window-socket.ts';

/** Largest frame from a window: a project of 32 MiB as JSON text still fits. */
const frameBytesMax = 64 * 1024 * 1024;
/** Windows at once; each costs at most the buffers of window-socket.ts. */
const windowsMax = 32;

export interface StudioServerOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Loopback only: the studio starts processes for whoever holds the token. */
  readonly host: '127.0.0.1' | '::1';
  readonly token: string;
  /** Origins besides the server's own: the desktop window, the dev server of Vite. */
  readonly otherOrigins: readonly string[];
  readonly rendererFolder: string;
  readonly handlers: StudioHandlers<StudioSession>;
  readonly log: Log;
}

/** A listening studio server. */
export interface StudioServer {
  readonly port: number;
  /** Sends an event to every window. */
  readonly broadcast: (...args: Parameters<Emit<StudioContract>>) => void;
  /** Sends an event to the windows that show the project at `path`. */
  readonly tellProject: (path: string, ...args: Parameters<Emit<StudioContract>>) => void;
  stop(): Promise<void>;
}

/** Serves the designer's files and, at `/studio`, the contract. Rejects with STUDIO_PORT_IN_USE or STUDIO_LISTEN_FAILED. */
export async function listenStudio(options: StudioServerOptions): Promise<StudioServer> {
  const sessions = new Set<StudioSession>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => {
      if (!offered.has(studioProtocol)) return false;
      return offersToken(offered, options.token) ? studioProtocol : studioRefusedProtocol;
    },
  });
  const server = createServer((request, response) => {
    if (isOwnHost(request.headers.host, portOf(server))) return serveStatic(options.rendererFolder, request, response);
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('This server answers only to its own name on this machine.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = upgradeRefusal(request, portOf(server), options.otherOrigins, sessions.size);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (webSocket.protocol !== studioProtocol) return webSocket.close(1008, 'the token is not of this launch');
      const session = serveWindow(webSocket, options.handlers, options.log);
      sessions.add(session);
      webSocket.on('close', () => sessions.delete(session));
    });
  });
  await listen(server, options);
  return {
    port: portOf(server),
    broadcast: (...args) => {
      for (const session of sessions) session.emit(...args);
    },
    tellProject: (path, ...args) => {
      for (const session of sessions) if (session.project?.path === path) session.emit(...args);
    },
    stop: () => stop(server, sockets, sessions),
  };
}

function upgradeRefusal(
  { headers, url }: IncomingMessage,
  port: number,
  otherOrigins: readonly string[],
  windows: number,
): string | undefined {
  if (url !== '/studio') return '404 Not Found';
  if (!isOwnHost(headers.host, port) || !isOwnOrigin(headers.origin, port, otherOrigins)) return '403 Forbidden';
  return windows >= windowsMax ? '503 Service Unavailable' : undefined;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

function listen(server: Server, { host, port }: StudioServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new MillraceError(
              'STUDIO_PORT_IN_USE',
              `expected port ${port} to be free for the studio, found another program on it; give another one with --port, or 0 for any`,
              { cause, details: { port } },
            )
          : new MillraceError('STUDIO_LISTEN_FAILED', `could not listen on ${host}:${port}: ${cause.message}`, {
              cause,
            }),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server, sockets: WebSocketServer, sessions: Set<StudioSession>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets.clients as Set<WebSocket>) socket.terminate();
  await Promise.all([...sessions].map((session) => session.close()));
  server.closeAllConnections();
  await closed;
}
