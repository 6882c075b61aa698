import type { Process } from '../model/document.ts';
import type { ProcessCounts } from './run-types.ts';

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

  snapshot(): ProcessCounts {
    return {
      activities: Object.fromEntries(Object.entries(this.activities).map(([id, counter]) => [id, { ...counter }])),
      transitions: { ...this.transitions },
      jobs: { ...this.jobs },
    };
  }
}
