import type { Dialer, FrameConnection } from '../../../engine/base/net.ts';
import type { Random } from '../../../engine/base/random.ts';
import type { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import type { Host } from './host.ts';
import { NetEnd } from './net-end.ts';

/** How long a dial waits for an answer through a cut link before it fails, in ms. */
const connectTimeoutMs = 2_000;
/** Longest time until what was held back by a cut link is sent again after it healed, in ms. */
const retransmitMsMax = 400;

export interface NetOptions {
  readonly delayMsMin: number;
  readonly delayMsMax: number;
}

interface Listener {
  readonly host: Host;
  readonly accept: (connection: FrameConnection) => void;
}

/**
 * Links between named machines. A connection keeps the order of its frames or breaks; a cut link holds frames back, as TCP
 * does, until it heals or somebody gives the connection up.
 */
export class SimulatedNet {
  readonly clock: ManualClock;
  readonly random: Random;
  readonly options: NetOptions;
  /** Called with every frame that arrives. */
  onDelivery: (from: string, to: string, frame: Buffer) => void = () => {};
  readonly #listeners = new Map<number, Listener>();
  readonly #names = new Map<number, string>();
  readonly #cuts = new Set<string>();
  readonly #slow = new Map<string, number>();
  readonly #ends = new Set<NetEnd>();
  #connectionCount = 0;

  constructor(clock: ManualClock, random: Random, options: NetOptions) {
    this.clock = clock;
    this.random = random;
    this.options = options;
  }

  /** The machine called `name` owns `port`, whether it listens or not. */
  own(port: number, name: string): void {
    this.#names.set(port, name);
  }

  listen(port: number, host: Host, accept: (connection: FrameConnection) => void): void {
    this.#listeners.set(port, { host, accept });
  }

  unlisten(port: number): void {
    this.#listeners.delete(port);
  }

  dialerOf(host: Host, isPeer: boolean): Dialer {
    return { dial: (_name, port) => this.#dial(host, port, isPeer) };
  }

  #dial(from: Host, port: number, isPeer: boolean): FrameConnection {
    const to = this.#names.get(port) ?? `port-${port}`;
    const address = `${from.name}:${++this.#connectionCount}`;
    const near = new NetEnd(this, from, { to, remoteAddress: `${to}:${port}`, isPeer });
    this.#ends.add(near);
    const connect = (): void => {
      if (near.isClosed) return;
      if (this.isCut(from.name, to) || this.isCut(to, from.name)) {
        this.clock.after(connectTimeoutMs, () => near.fail('ETIMEDOUT'));
        return;
      }
      const listener = this.#listeners.get(port);
      if (!listener) {
        near.fail('ECONNREFUSED');
        return;
      }
      const far = new NetEnd(this, listener.host, { to: from.name, remoteAddress: address, isPeer });
      this.#ends.add(far);
      far.connectTo(near);
      listener.host.run(() => listener.accept(far));
      near.connectTo(far);
    };
    this.clock.after(this.delayMs(from.name, to), connect);
    return near;
  }

  /** A delay for the next frame. */
  delayMs(from: string, to: string): number {
    const { delayMsMin, delayMsMax } = this.options;
    const usual = delayMsMin + this.random.next() ** 3 * (delayMsMax - delayMsMin);
    return usual * (this.#slow.get(`${from}>${to}`) ?? 1);
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  /** Frames from one machine to the other stay away from now on. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** Frames of this link take `factor` times as long. */
  slow(from: string, to: string, factor: number): void {
    this.#slow.set(`${from}>${to}`, factor);
  }

  /** Ends cuts and slowness of a link; what was held back arrives some time after. */
  heal(from: string, to: string): void {
    this.#slow.delete(`${from}>${to}`);
    if (!this.#cuts.delete(`${from}>${to}`)) return;
    for (const end of this.#ends)
      if (end.host.name === from && end.to === to)
        this.clock.after(this.random.next() * retransmitMsMax, () => end.pump());
  }

  healAll(): void {
    for (const link of new Set([...this.#cuts, ...this.#slow.keys()])) {
      const [from, to] = link.split('>') as [string, string];
      this.heal(from, to);
    }
  }

  /** Breaks a connection that lives, if there is one: frames under way are lost, both ends hear of it. */
  resetOne(): string | undefined {
    const live = [...this.#ends].filter((end) => end.isConnected);
    const end = live[Math.floor(this.random.next() * live.length)];
    if (!end) return undefined;
    end.reset();
    return `${end.host.name}>${end.to}`;
  }

  /** The host has died: its ends are gone, the other ends hear of it after `noticeMs`. */
  drop(host: Host, noticeMs: number): void {
    for (const end of [...this.#ends]) if (end.host === host) end.abandon(noticeMs);
  }

  forget(end: NetEnd): void {
    this.#ends.delete(end);
  }
}
