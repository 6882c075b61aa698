import type { Cancel, Clock } from '../../../engine/base/clock.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import { starterRuntime } from '../../../engine/spi/define-runtime.ts';
import type { StarterInstance, StarterSink } from '../../../engine/spi/runtime.ts';
import { OutstandingEvents } from '../../outstanding-events.ts';
import timer from './activity.ts';

/** Ticks on the engine's clock. */
export const runtime = starterRuntime(timer, (config, host) => new Ticker(config, host.clock));

/** Each tick is due one interval after the one before, so that the time jobs take does not add up. */
class Ticker implements StarterInstance {
  readonly #config: ConfigOfDeclaration<typeof timer>;
  readonly #clock: Clock;
  readonly #outstanding = new OutstandingEvents();
  #sink: StarterSink | undefined;
  #cancel: Cancel = () => {};
  #isStopped = false;
  #ticks = 0;
  #dueMs = 0;

  constructor(config: ConfigOfDeclaration<typeof timer>, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
  }

  async start(sink: StarterSink): Promise<void> {
    this.#sink = sink;
    sink.onReady(() => this.#schedule(this.#clock.monotonic() + this.#config.intervalMs));
    const now = this.#clock.monotonic();
    this.#schedule(this.#config.startImmediately ? now : now + this.#config.intervalMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#outstanding.drained();
  }

  #schedule(dueMs: number): void {
    if (this.#isStopped) return;
    this.#cancel();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.monotonic()), () => this.#tick());
  }

  #tick(): void {
    this.#ticks++;
    const timestamp = this.#clock.now();
    const output = { count: this.#ticks, timestamp, time: new Date(timestamp).toISOString() };
    const hasRoom = this.#sink!.emit(this.#outstanding.event(output));
    if (this.#ticks === this.#config.count) {
      this.#isStopped = true;
      this.#sink!.finished();
    } else if (hasRoom) this.#schedule(this.#dueMs + this.#config.intervalMs);
  }
}
