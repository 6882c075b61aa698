import type { Cancel, Clock } from '../base/clock.ts';
import type { LogLine, RunCounts, RunStatus } from './run-contract.ts';

/** What a run tells its listeners. `counts` come at most ten times a second, and only when they changed. */
export type RunEvent =
  | { readonly kind: 'status'; readonly status: RunStatus }
  | { readonly kind: 'counts'; readonly counts: RunCounts }
  | ({ readonly kind: 'log' } & LogLine);

/** Shortest time between two snapshots of the counts. */
const countsIntervalMs = 100;

/** Who listens to a run. Counts change a hundred thousand times a second; listeners get ten snapshots of them at most. */
export class RunListeners {
  readonly #clock: Clock;
  readonly #snapshot: () => RunCounts;
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #planned: Cancel | undefined;

  constructor(clock: Clock, snapshot: () => RunCounts) {
    this.#clock = clock;
    this.#snapshot = snapshot;
  }

  add(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: RunEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  countsChanged(): void {
    if (this.#planned || this.#listeners.size === 0) return;
    this.#planned = this.#clock.after(countsIntervalMs, () => {
      this.#planned = undefined;
      this.tell({ kind: 'counts', counts: this.#snapshot() });
    });
  }

  /** Tells the counts now when a snapshot of them was due. */
  flush(): void {
    if (!this.#planned) return;
    this.#planned();
    this.#planned = undefined;
    this.tell({ kind: 'counts', counts: this.#snapshot() });
  }
}
