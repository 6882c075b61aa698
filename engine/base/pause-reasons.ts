/** Why the frames of a connection are held back: its answers are not taken, or its client has used up a quota. */
export type PauseReason = 'responses' | 'throttle';

const bitOf: Readonly<Record<PauseReason, number>> = { responses: 1, throttle: 2 };

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
