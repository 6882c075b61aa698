import type { ExpressionHost } from '../functions/fast-function.ts';

/** How long interpreted work may hold the thread before everything else gets a turn. */
const turnMsMax = 5;

/** Shares the thread between long interpretations and everything else: timers, sockets, other jobs. */
export class Turns {
  readonly #clock: ExpressionHost['clock'];
  #beganAt = 0;
  #next: Promise<void> | undefined;

  constructor(clock: ExpressionHost['clock']) {
    this.#clock = clock;
  }

  /** Asked every now and then by work under way: a promise to wait for when its turn is over. */
  pause(): Promise<void> | undefined {
    const { monotonic, soon } = this.#clock;
    if (!monotonic || !soon) return undefined;
    if (this.#next) return this.#next;
    if (monotonic.call(this.#clock) - this.#beganAt < turnMsMax) return undefined;
    this.#next = new Promise((resolve) => {
      soon.call(this.#clock, () => {
        this.#next = undefined;
        this.#beganAt = monotonic.call(this.#clock);
        resolve();
      });
    });
    return this.#next;
  }
}

const turnsOfClock = new WeakMap<object, Turns>();

/** The turns of everything that runs on one clock. */
export function turnsOf({ clock }: ExpressionHost): Turns {
  const known = turnsOfClock.get(clock);
  if (known) return known;
  const made = new Turns(clock);
  turnsOfClock.set(clock, made);
  return made;
}
