import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { MillraceError, messageOf } from '../../../base/errors.ts';

/** What may be asked of the process that watches over a cluster. */
export interface ControlCommands {
  /** Restarts all brokers, one after the other or at once; `note` hears how that goes. */
  restart(isRolling: boolean, note: (text: string) => void): Promise<void>;
}

/** A line of JSON from whoever asks. */
export interface ControlRequest {
  readonly clusterKey: string;
  readonly command: 'restart';
  readonly isRolling: boolean;
}

/** Lines of JSON to whoever asks: notes, then one that ends it. */
export type ControlReply =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

const requestCharsMax = 4_096;
const requestWaitMs = 5_000;

/** Listens on loopback for other processes of this user: they show the cluster's key, which only its user can read. */
export class ControlServer {
  readonly #server: Server;
  readonly #clusterKey: string;
  readonly #commands: ControlCommands;
  readonly #sockets = new Set<Socket>();

  constructor(clusterKey: string, commands: ControlCommands) {
    this.#clusterKey = clusterKey;
    this.#commands = commands;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    // Whoever watches over a cluster ends when its brokers do.
    this.#server.unref();
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(requestWaitMs, () => socket.destroy());
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (text.length > requestCharsMax) socket.destroy();
      const end = text.indexOf('\n');
      if (end < 0) return;
      socket.setTimeout(0);
      socket.removeAllListeners('data');
      void this.#answer(text.slice(0, end), socket);
    });
  }

  async #answer(line: string, socket: Socket): Promise<void> {
    const reply = (message: ControlReply) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    };
    try {
      const request = this.#read(line);
      await this.#commands.restart(request.isRolling, (text) => reply({ type: 'note', text }));
      reply({ type: 'done' });
    } catch (error) {
      const code = error instanceof MillraceError ? error.code : 'RESTART_FAILED';
      reply({ type: 'failed', code, message: messageOf(error) });
    }
    socket.end();
  }

  #read(line: string): ControlRequest {
    let request: Partial<ControlRequest> | null = null;
    try {
      request = JSON.parse(line) as Partial<ControlRequest>;
    } catch {
      // Told below.
    }
    if (request?.command !== 'restart' || typeof request.clusterKey !== 'string')
      throw new MillraceError('CONTROL_REQUEST_INVALID', 'expected a request for a restart, found something else');
    if (!isEqual(request.clusterKey, this.#clusterKey))
      throw new MillraceError('CONTROL_REFUSED', "expected the cluster's key, found another one");
    return { command: 'restart', clusterKey: '', isRolling: request.isRolling === true };
  }
}

/** In a time that tells nothing. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
