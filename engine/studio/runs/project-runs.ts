import type { Clock } from '../../base/clock.ts';
import type { ProcessCounts, RunStatus } from '../contract.ts';
import type { LogLine } from './run-messages.ts';
import { RunSupervisor } from './run-supervisor.ts';
import type { SpawnRun } from './spawn-run.ts';

/** Processes of runs that have ended and are kept for their jobs, over all projects; each is some 70 MB. */
export const keptRunsMax = 3;

/** Who tells the windows that show a project, by its path. */
export interface ProjectListener {
  status(project: string, status: RunStatus): void;
  counts(project: string, counts: Readonly<Record<string, ProcessCounts>>): void;
  log(project: string, line: LogLine): void;
}

/** The runs of the studio: one at a time for each project, whichever window started it. Projects know nothing of each other's. */
export class ProjectRuns {
  readonly #spawn: SpawnRun;
  readonly #clock: Clock;
  readonly #listener: ProjectListener;
  /** By path; the one that was started last is at the end. */
  readonly #runs = new Map<string, RunSupervisor>();

  constructor(spawn: SpawnRun, clock: Clock, listener: ProjectListener) {
    this.#spawn = spawn;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The run of the project at `path`, idle when it never ran. */
  of(path: string): RunSupervisor {
    const known = this.#runs.get(path);
    if (known) return known;
    const run = new RunSupervisor(path, this.#spawn, this.#clock, {
      status: (status) => this.#changed(path, status),
      counts: (counts) => this.#listener.counts(path, counts),
      log: (line) => this.#listener.log(path, line),
    });
    this.#runs.set(path, run);
    return run;
  }

  /** Stops all that run, side by side, and ends their processes. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#runs.values(), (run) => run.close()));
  }

  #changed(path: string, status: RunStatus): void {
    this.#listener.status(path, status);
    if (status.state !== 'starting') return;
    const started = this.#runs.get(path);
    if (!started) return;
    this.#runs.delete(path);
    this.#runs.set(path, started);
    const kept = [...this.#runs.values()].filter(({ isKept }) => isKept);
    for (const run of kept.slice(0, Math.max(0, kept.length - keptRunsMax))) run.forget();
  }
}
