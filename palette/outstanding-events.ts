import { assert } from '../engine/base/assert.ts';
import type { JobOutcome, StarterEvent } from '../engine/spi/runtime.ts';

/** The events of a starter whose jobs have not ended yet, so that `stop` can wait for them. For starters that have nobody to acknowledge to: a failure of theirs is final. */
export class OutstandingEvents {
  #count = 0;
  #drained: (() => void)[] = [];

  /** An event that counts until its job has ended. */
  event(output: unknown): StarterEvent {
    this.#count++;
    let isSettled = false;
    return {
      output,
      settle: (_outcome: JobOutcome) => {
        assert(!isSettled, 'a starter event is settled once');
        isSettled = true;
        this.#count--;
        if (this.#count === 0) for (const resolve of this.#drained.splice(0)) resolve();
        return undefined;
      },
    };
  }

  /** Resolves when every event given out has been settled. */
  drained(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }
}
