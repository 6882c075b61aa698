import type { Cancel, Clock } from '../../base/clock.ts';

/** Before the coordinator has told how often it wants to hear of us. */
export const firstBeatMs = 3_000;
const earlyBeats = 10;
const earlyBeatMs = 250;

/** The pause between two heartbeats, which whoever has something to say ends. */
export class BeatPause {
  readonly #clock: Clock;
  #end = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel: Cancel = this.#clock.after(delayMs, resolve);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  end(): void {
    this.#end();
  }
}

/**
 * Milliseconds until the next beat. The first assignment may come with one of the next answers: it is asked for sooner than a whole
 * interval later. @param beats answered ones since the member joined
 */
export function nextBeatMs(beatMs: number, beats: number, hasPartitions: boolean): number {
  return !hasPartitions && beats <= earlyBeats ? Math.min(earlyBeatMs, beatMs) : beatMs;
}
