import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

/** What a frame came to. */
export type FrameOutcome = 'answered' | 'closed' | 'silent';

/** No answer for this long, and the connection is given up: some requests get none, others wait. */
const answerWaitMs = 100;

interface Line {
  send(bytes: Buffer): void;
  end(): void;
}

/** One place of a client that sends a frame at a time and connects again whenever it is closed. */
export class HostileClient {
  readonly #port: number;
  readonly #isWebSocket: boolean;
  #line: Promise<Line> | undefined;
  #settle: (outcome: FrameOutcome) => void = () => {};

  constructor(port: number, isWebSocket: boolean) {
    this.#port = port;
    this.#isWebSocket = isWebSocket;
  }

  async send(frame: Buffer): Promise<FrameOutcome> {
    this.#line ??= this.#isWebSocket ? this.#openWebSocket() : this.#openTcp();
    const line = await this.#line.catch(() => undefined);
    if (!line) {
      this.#line = undefined;
      return 'closed';
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        line.end();
        this.#line = undefined;
        this.#settle('silent');
      }, answerWaitMs);
      this.#settle = (outcome) => {
        this.#settle = () => {};
        clearTimeout(timer);
        if (outcome === 'closed') this.#line = undefined;
        resolve(outcome);
      };
      line.send(frame);
    });
  }

  close(): void {
    void this.#line?.then((line) => line.end());
  }

  #openTcp(): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket: Socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
      const line = { send: (bytes: Buffer) => void socket.write(bytes), end: () => void socket.destroy() };
      socket.once('connect', () => resolve(line));
      socket.on('data', () => this.#settle('answered'));
      socket.on('error', reject);
      socket.once('close', () => this.#closed(line));
    });
  }

  #openWebSocket(): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/kafka`, { perMessageDeflate: false });
      const line = { send: (bytes: Buffer) => socket.send(bytes), end: () => socket.terminate() };
      socket.once('open', () => resolve(line));
      socket.on('message', () => this.#settle('answered'));
      socket.on('error', reject);
      socket.once('close', () => this.#closed(line));
    });
  }

  /** Late news of a line that was given up are none. */
  #closed(line: Line): void {
    void this.#line?.then((now) => {
      if (now === line) this.#settle('closed');
    });
  }
}
