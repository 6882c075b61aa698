import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { MillraceError, messageOf } from '../../../base/errors.ts';

/** What may be asked of the process that watches over a cluster. */
export interface ControlCommands {
  /** Restarts all brokers, one after the other or at once; `note` hears how that goes. */
  restart(isRolling: boolean, note: (text: string) => void): Promise<void>;
  /** Starts a broker that joins the cluster; resolves with its id once it is ready. */
  add(note: (text: string) => void): Promise<number>;
  /** Ends a broker that holds nothing any more, and forgets it. */
  remove(brokerId: number, note: (text: string) => void): Promise<void>;
}

/** A line of JSON from whoever asks. */
export type ControlRequest = { readonly clusterKey: string } & (
  | { readonly command: 'restart'; readonly isRolling: boolean }
  | { readonly command: 'add' }
  | { readonly command: 'remove'; readonly brokerId: number }
);

/** The same before anything is known about it. */
interface UncheckedRequest {
  readonly clusterKey?: unknown;
  readonly command?: unknown;
  readonly isRolling?: unknown;
  readonly brokerId?: unknown;
}

/** Lines of JSON to whoever asks: notes, then one that ends it. */
export type ControlReply =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'done'; readonly brokerId?: number }
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
      const brokerId = await this.#run(this.#read(line), (text) => reply({ type: 'note', text }));
      reply({ type: 'done', ...(brokerId !== undefined && { brokerId }) });
    } catch (error) {
      const code = error instanceof MillraceError ? error.code : 'RESTART_FAILED';
      reply({ type: 'failed', code, message: messageOf(error) });
    }
    socket.end();
  }

  async #run(request: ControlRequest, note: (text: string) => void): Promise<number | undefined> {
    if (request.command === 'add') return this.#commands.add(note);
    if (request.command === 'remove') await this.#commands.remove(request.brokerId, note);
    else await this.#commands.restart(request.isRolling, note);
    return undefined;
  }

  #read(line: string): ControlRequest {
    let request: UncheckedRequest | null = null;
    try {
      request = JSON.parse(line) as UncheckedRequest;
    } catch {
      // Told below.
    }
    const { command, brokerId, clusterKey, isRolling }: UncheckedRequest = request ?? {};
    const isKnown = command === 'restart' || command === 'add' || (command === 'remove' && Number.isInteger(brokerId));
    if (!isKnown || typeof clusterKey !== 'string')
      throw new MillraceError('CONTROL_REQUEST_INVALID', 'expected restart, add or remove, found something else');
    if (!isEqual(clusterKey, this.#clusterKey))
      throw new MillraceError('CONTROL_REFUSED', "expected the cluster's key, found another one");
    if (command === 'remove') return { command, clusterKey: '', brokerId: brokerId as number };
    return command === 'add' ? { command, clusterKey: '' } : { command, clusterKey: '', isRolling: isRolling === true };
  }
}

/** In a time that tells nothing. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
