import type { Process } from '../model/document.ts';
import type { Failure, ProcessCounts } from './run-contract.ts';

interface ActivityCounter {
  started: number;
  completed: number;
  failed: number;
  active: number;
}

/** Counts of one process since the start of the run. Counting is a field increment; a copy is made only for listeners. */
export class ProcessCounters {
  readonly activities: Record<string, ActivityCounter> = {};
  readonly transitions: Record<string, number> = {};
  readonly jobs = { active: 0, completed: 0, failed: 0 };
  #handled = 0;
  readonly #failures = { activities: {} as Record<string, number>, transitions: {} as Record<string, number> };

  constructor(process: Process) {
    for (const id of Object.keys(process.activities))
      this.activities[id] = { started: 0, completed: 0, failed: 0, active: 0 };
    for (const { id } of process.transitions) this.transitions[id] = 0;
  }

  started(activity: string): void {
    const counter = this.activities[activity]!;
    counter.started++;
    counter.active++;
  }

  ended(activity: string, isOk: boolean): void {
    const counter = this.activities[activity]!;
    counter.active--;
    if (isOk) counter.completed++;
    else counter.failed++;
  }

  taken(transition: string): void {
    this.transitions[transition] = (this.transitions[transition] ?? 0) + 1;
  }

  /** An execution was given up: it neither completed nor failed. */
  cancelled(activity: string): void {
    this.activities[activity]!.active--;
  }

  /** A job has failed; with a failure of a process that it called on that one's account. */
  jobFailed({ activity, process, transition }: Failure, isHandled: boolean): void {
    this.jobs.failed++;
    if (isHandled) this.#handled++;
    if (process !== undefined) return;
    const { activities, transitions } = this.#failures;
    if (activity) activities[activity] = (activities[activity] ?? 0) + 1;
    if (transition) transitions[transition] = (transitions[transition] ?? 0) + 1;
  }

  snapshot(): ProcessCounts {
    return {
      activities: Object.fromEntries(Object.entries(this.activities).map(([id, counter]) => [id, { ...counter }])),
      transitions: { ...this.transitions },
      jobs: this.#handled ? { ...this.jobs, handled: this.#handled } : { ...this.jobs },
      ...(this.jobs.failed ? { failures: this.#failuresNow() } : {}),
    };
  }

  #failuresNow(): NonNullable<ProcessCounts['failures']> {
    return { activities: { ...this.#failures.activities }, transitions: { ...this.#failures.transitions } };
  }
}
