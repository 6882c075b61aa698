import type { Cancel, Clock } from '../../../base/clock.ts';
import type { FrameConnection } from '../../../base/net.ts';

/** Holds a connection back whose client has used up a quota (KIP-219): its next request is taken when the time is over. */
export class ConnectionMute {
  readonly #connection: FrameConnection;
  readonly #clock: Clock;
  #untilMs = 0;
  #cancel: Cancel | undefined;

  constructor(connection: FrameConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** From now on for so long; a longer time that is running goes on. */
  hold(durationMs: number): void {
    const untilMs = this.#clock.monotonic() + durationMs;
    if (untilMs <= this.#untilMs) return;
    this.#untilMs = untilMs;
    this.#cancel?.();
    this.#connection.pause('throttle');
    this.#cancel = this.#clock.after(durationMs, () => {
      this.#cancel = undefined;
      this.#connection.resume('throttle');
    });
  }

  /** The connection has closed. */
  close(): void {
    this.#cancel?.();
  }
}
