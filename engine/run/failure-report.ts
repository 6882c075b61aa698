import type { Cancel, Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { FailedJobFate } from '../spi/runtime.ts';
import type { JobRecord } from './job-record.ts';

/** Failed jobs told one by one in one interval; of the rest only their number. */
export const failuresPerIntervalMax = 10;
/** Milliseconds. */
export const failureIntervalMs = 10_000;
/** Different codes that a line about more failures names. */
const codesMax = 5;

/**
 * Tells in the log why jobs of one process fail, whatever their starter does about it. A process in which every job fails must
 * not drown the log: the first of an interval are told whole, of the others a count by code.
 */
export class FailureReport {
  readonly #clock: Clock;
  readonly #log: Log;
  #told = 0;
  #more = new Map<string, number>();
  #cancel: Cancel | undefined;

  /** `log` already carries the process. */
  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** A job has failed. What is final is an error; what its starter takes over (`fate`) is a warning. */
  tell({ id, failure, summary }: JobRecord, fate: FailedJobFate | undefined): void {
    if (!failure) return;
    this.#cancel ??= this.#clock.after(failureIntervalMs, () => this.flush());
    const { code, message, activity, process, transition } = failure;
    if (this.#told >= failuresPerIntervalMax) {
      this.#more.set(code, (this.#more.get(code) ?? 0) + 1);
      return;
    }
    this.#told++;
    this.#log[fate ? 'warn' : 'error']('job failed', {
      ...{ job: id, activity, code, error: message, origin: summary.origin },
      ...(process === undefined ? {} : { called: process }),
      ...(transition === undefined ? {} : { transition }),
      ...(fate === undefined ? {} : { fate }),
    });
  }

  /** Tells what was only counted so far, and begins a new interval. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#told = 0;
    if (this.#more.size === 0) return;
    const counts = [...this.#more].toSorted(([, a], [, b]) => b - a);
    const jobs = counts.reduce((sum, [, count]) => sum + count, 0);
    this.#more = new Map();
    const codes = Object.fromEntries(counts.slice(0, codesMax));
    this.#log.error('more jobs failed', { jobs, withinMs: failureIntervalMs, codes });
  }
}
