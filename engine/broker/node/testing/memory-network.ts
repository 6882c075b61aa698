import type { Clock } from '../../../base/clock.ts';
import type { Dialer, FrameConnection } from '../../../base/net.ts';
import type { PauseReason } from '../../../base/pause-reasons.ts';
import { PauseReasons } from '../../../base/pause-reasons.ts';

/** One end of a connection in memory; frames take no time but arrive in a turn of their own. */
class LinkEnd implements FrameConnection {
  readonly remoteAddress: string;
  readonly isPeer: boolean;
  readonly bufferedBytes = 0;
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};
  other: LinkEnd | undefined;
  readonly #clock: Clock;
  readonly #waiting: Buffer[] = [];
  readonly #pauses = new PauseReasons();
  #closed = false;

  constructor(clock: Clock, remoteAddress: string, isPeer: boolean) {
    this.#clock = clock;
    this.remoteAddress = remoteAddress;
    this.isPeer = isPeer;
  }

  send(chunks: readonly Uint8Array[]): void {
    const frame = Buffer.concat(chunks);
    this.#clock.soon(() => this.other?.receive(frame));
  }

  receive(frame: Buffer): void {
    if (this.#closed) return;
    this.#waiting.push(frame);
    this.#deliver();
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
  }

  resume(reason: PauseReason): void {
    this.#pauses.remove(reason);
    this.#clock.soon(() => this.#deliver());
  }

  close(reason = 'closed'): void {
    this.finish(reason);
    this.#clock.soon(() => this.other?.finish('closed by the peer'));
  }

  #deliver(): void {
    while (!this.#pauses.any && !this.#closed && this.#waiting.length > 0)
      this.onFrame(this.#waiting.shift() as Buffer);
  }

  finish(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose(reason);
  }
}

/** Connects brokers and clients of one process, by port. */
export class MemoryNetwork {
  readonly #clock: Clock;
  readonly #listeners = new Map<number, (connection: FrameConnection) => void>();
  readonly #links = new Map<number, Set<LinkEnd>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(port: number, accept: (connection: FrameConnection) => void): void {
    this.#listeners.set(port, accept);
    this.#links.set(port, new Set());
  }

  /** Nobody listens any more; connections of and to the port break. */
  unplug(port: number): void {
    this.#listeners.delete(port);
    for (const link of this.#links.get(port) ?? []) link.close('unplugged');
    this.#links.delete(port);
  }

  /** A connection as a client makes it, or as a broker (`fromPort`) does to another one. */
  connect(port: number, fromPort?: number): FrameConnection {
    const isPeer = fromPort !== undefined;
    const near = new LinkEnd(this.#clock, `memory:${port}`, isPeer);
    const far = new LinkEnd(this.#clock, `memory:${fromPort ?? 0}`, isPeer);
    near.other = far;
    far.other = near;
    const accept = this.#listeners.get(port);
    if (!accept) {
      this.#clock.soon(() => near.close('ECONNREFUSED'));
      return near;
    }
    this.#links.get(port)?.add(near);
    if (fromPort !== undefined) this.#links.get(fromPort)?.add(near);
    accept(far);
    return near;
  }

  dialerOf(fromPort: number): Dialer {
    return { dial: (_host, port) => this.connect(port, fromPort) };
  }
}
