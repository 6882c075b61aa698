import type { Cancel, Clock } from '../base/clock.ts';
import type { LogLine } from './run-contract.ts';

const batchEveryMs = 100;
/** Lines of one batch; a flow that logs each of a hundred thousand messages must not drown the window. */
const batchLinesMax = 100;

/** Collects log lines into batches. What is more than a batch holds is left out, and a line says how much. */
export class LogBatcher {
  readonly #clock: Clock;
  readonly #sink: (lines: readonly LogLine[]) => void;
  #lines: LogLine[] = [];
  #leftOut = 0;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, sink: (lines: readonly LogLine[]) => void) {
    this.#clock = clock;
    this.#sink = sink;
  }

  add({ atMs, level, message, fields }: LogLine): void {
    if (this.#lines.length < batchLinesMax) this.#lines.push({ atMs, level, message, fields });
    else this.#leftOut++;
    this.#cancel ??= this.#clock.after(batchEveryMs, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    if (this.#leftOut > 0) {
      const message = `${this.#leftOut} more log lines were left out: they came faster than ${batchLinesMax} in ${batchEveryMs} ms`;
      lines.push({ atMs: this.#clock.now(), level: 'warn', message, fields: {} });
    }
    this.#lines = [];
    this.#leftOut = 0;
    this.#sink(lines);
  }
}
