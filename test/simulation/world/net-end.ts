import type { FrameConnection } from '../../../engine/base/net.ts';
import type { PauseReason } from '../../../engine/base/pause-reasons.ts';
import { PauseReasons } from '../../../engine/base/pause-reasons.ts';
import type { Host } from './host.ts';
import type { SimulatedNet } from './simulated-net.ts';

/** What travels: a frame, or the news that the connection is over. */
interface Parcel {
  readonly dueMs: number;
  readonly frame: Buffer | undefined;
  readonly reason: string;
}

export interface NetEndOptions {
  /** Name of the machine at the other end. */
  readonly to: string;
  readonly remoteAddress: string;
  readonly isPeer: boolean;
}

/** One end of a simulated connection: sends into a queue whose head arrives when it is due and the link is not cut. */
export class NetEnd implements FrameConnection {
  readonly host: Host;
  readonly to: string;
  readonly remoteAddress: string;
  readonly isPeer: boolean;
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};
  readonly #net: SimulatedNet;
  #other: NetEnd | undefined;
  #outgoing: Parcel[] = [];
  #lastDueMs = 0;
  #bufferedBytes = 0;
  /** Arrived, but the owner holds frames back. */
  readonly #arrived: Buffer[] = [];
  readonly #pauses = new PauseReasons();
  #isClosed = false;

  constructor(net: SimulatedNet, host: Host, { to, remoteAddress, isPeer }: NetEndOptions) {
    this.#net = net;
    this.host = host;
    this.to = to;
    this.remoteAddress = remoteAddress;
    this.isPeer = isPeer;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isConnected(): boolean {
    return this.#other !== undefined && !this.#isClosed;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  connectTo(other: NetEnd): void {
    this.#other = other;
    this.pump();
  }

  send(chunks: readonly Uint8Array[]): void {
    if (this.#isClosed) return;
    const frame = Buffer.concat(chunks);
    this.#bufferedBytes += frame.length;
    this.#post(frame, '');
  }

  #post(frame: Buffer | undefined, reason: string): void {
    const { clock } = this.#net;
    const sentMs = clock.monotonic() + this.host.lagMs;
    const dueMs = Math.max(this.#lastDueMs, sentMs + this.#net.delayMs(this.host.name, this.to));
    this.#lastDueMs = dueMs;
    this.#outgoing.push({ dueMs, frame, reason });
    clock.after(dueMs - clock.monotonic(), () => this.pump());
  }

  /** Delivers what is due, if it can travel. */
  pump(): void {
    const other = this.#other;
    if (!other || this.#net.isCut(this.host.name, this.to)) return;
    const nowMs = this.#net.clock.monotonic();
    for (let next = this.#outgoing[0]; next && next.dueMs <= nowMs; next = this.#outgoing[0]) {
      this.#outgoing.shift();
      if (next.frame) {
        this.#bufferedBytes -= next.frame.length;
        other.#take(next.frame);
      } else {
        other.#end(next.reason);
      }
    }
  }

  #take(frame: Buffer): void {
    this.host.run(() => {
      if (this.#isClosed) return;
      this.#net.onDelivery(this.to, this.host.name, frame);
      this.#arrived.push(frame);
      this.#deliver();
    });
  }

  #deliver(): void {
    while (!this.#pauses.any && !this.#isClosed && this.#arrived.length > 0)
      this.onFrame(this.#arrived.shift() as Buffer);
  }

  /** The other end is gone. */
  #end(reason: string): void {
    this.host.run(() => {
      this.#close(reason);
    });
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
  }

  resume(reason: PauseReason): void {
    if (!this.#pauses.any) return;
    this.#pauses.remove(reason);
    this.host.clock.soon(() => this.#deliver());
  }

  /** In order: what was sent before still arrives. */
  close(reason = 'closed'): void {
    if (this.#isClosed) return;
    this.#close(reason);
    this.#post(undefined, 'closed by the peer');
  }

  #close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#net.forget(this);
    this.onClose(reason);
  }

  /** The connection could not be made. */
  fail(reason: string): void {
    this.host.run(() => this.#close(reason));
  }

  /** The connection breaks: frames under way are lost in both directions, each end hears of it in its own time. */
  reset(): void {
    for (const end of [this, this.#other]) {
      if (!end) continue;
      end.#outgoing = [];
      this.#net.clock.after(this.#net.delayMs(this.host.name, this.to), () => end.#end('ECONNRESET'));
    }
  }

  /** This end's process has died: nothing is called here any more. What was under way is lost. */
  abandon(noticeMs: number): void {
    this.#isClosed = true;
    this.#net.forget(this);
    this.#outgoing = [];
    const other = this.#other;
    if (!other) return;
    other.#outgoing = [];
    this.#net.clock.after(noticeMs, () => this.#post(undefined, 'ECONNRESET'));
  }
}
