import type { LogLine, RunCounts } from '../../run/run-contract.ts';
import type { ProjectRunStatus } from '../contract.ts';
import type { SupervisorGround } from './run-supervisor.ts';
import { RunSupervisor } from './run-supervisor.ts';

/** Processes of runs that have ended and are kept for their jobs, over all projects; each is some 70 MB. */
export const keptRunsMax = 3;

/** Who tells the windows that show a project, by its path. */
export interface ProjectListener {
  status(project: string, status: ProjectRunStatus): void;
  counts(project: string, counts: RunCounts): void;
  log(project: string, line: LogLine): void;
}

/** The runs of the studio: one at a time for each project, whichever window started it. Projects know nothing of each other's. */
export class ProjectRuns {
  readonly #ground: SupervisorGround;
  readonly #listener: ProjectListener;
  /** By path; the one that was started last is at the end. */
  readonly #runs = new Map<string, RunSupervisor>();

  constructor(ground: SupervisorGround, listener: ProjectListener) {
    this.#ground = ground;
    this.#listener = listener;
  }

  /** The run of the project at `path`, idle when it never ran. */
  of(path: string): RunSupervisor {
    const known = this.#runs.get(path);
    if (known) return known;
    const run = new RunSupervisor(path, this.#ground, {
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

  #changed(path: string, status: ProjectRunStatus): void {
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
