/**
 * Why the frames of a connection are held back: its answers are not taken, its client has used up a quota, or the broker starts and
 * does not know yet who may do what.
 */
export type PauseReason = 'responses' | 'throttle' | 'starting';

const bitOf: Readonly<Record<PauseReason, number>> = { responses: 1, throttle: 2, starting: 4 };

/** The reasons that hold a connection back at present. It goes on when the last of them is gone. */
export class PauseReasons {
  #held = 0;

  /** Whether any reason holds. */
  get any(): boolean {
    return this.#held !== 0;
  }

  add(reason: PauseReason): void {
    this.#held |= bitOf[reason];
  }

  remove(reason: PauseReason): void {
    this.#held &= ~bitOf[reason];
  }
}
