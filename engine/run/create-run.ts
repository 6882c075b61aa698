import { assert } from '../base/assert.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { createLog } from '../base/log.ts';
import { once } from '../base/once.ts';
import { settledWithin } from '../base/settled-within.ts';
import { isSubprocess } from '../model/called-process.ts';
import type { ProcessId, Project } from '../model/document.ts';
import type { RecordPlace } from '../spi/record-place.ts';
import type { ResourceInstance } from '../spi/runtime.ts';
import { calledBy } from './called-processes.ts';
import { closeAll, closeWaitMsMax } from './close-all.ts';
import type { OpenerOptions } from './create-opener.ts';
import { createOpener } from './create-opener.ts';
import { failureOf } from './job-error.ts';
import { newestFirst } from './job-history.ts';
import type { JobRecord } from './job-record.ts';
import { Locks } from './locks.ts';
import { openedTogether, openProcess, resourcesOf } from './open-process.ts';
import { openResource, RunStopped } from './open-resource.ts';
import { ProcessRun } from './process-run.ts';
import type { Failure, JobDetail, JobSummary, JobsQuestion, RunCounts, RunState, RunStatus } from './run-contract.ts';
import { RunError } from './run-error.ts';
import type { RunEvent } from './run-listeners.ts';
import { RunListeners } from './run-listeners.ts';
import type { RunShared } from './run-shared.ts';
import type { MetricValues } from './runtime-host.ts';
import { SkippedRecords } from './skipped-records.ts';

export interface RunOptions extends OpenerOptions {
  /** Processes to run; all of them when left out or empty. */
  readonly processes?: readonly ProcessId[] | undefined;
  /** Records that are passed over and committed as if they had been handled. */
  readonly skipRecords?: readonly RecordPlace[] | undefined;
}

/** A run of a project. Made by createRun; starts once, stops once. */
export interface Run {
  readonly status: RunStatus;
  readonly counts: RunCounts;
  /** Milliseconds without a job, over all processes; 0 while one is under way. */
  readonly idleMs: number;
  /** Metric values by `<process>.<activity>` or resource id, then by name. */
  readonly metrics: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /**
   * Opens everything and starts the starters. Rejects with a MillraceError when one thing cannot be; all is closed again then.
   * Resolves, with the run stopped, when `stop` was called before or meanwhile.
   */
  start(): Promise<void>;
  /**
   * Takes nothing new, lets jobs end, acknowledges and closes; bounded by `stopWaitMsMax` and `closeWaitMsMax`. While the run
   * starts, it waits `openWaitMsMax` for what is being opened and lets nothing begin. Every further call, also one from a
   * listener, is the same stop.
   */
  stop(): Promise<void>;
  /** Resolves when every process has ended and everything is closed, for whatever reason. */
  ended(): Promise<RunStatus>;
  /** Newest first, of one process or of all. */
  jobs(question?: JobsQuestion): readonly JobSummary[];
  /** Undefined when the run does not keep that job any more. */
  job(id: string): JobDetail | undefined;
  /** Adds a listener and returns what removes it. */
  on(listener: (event: RunEvent) => void): () => void;
}

/** A run of `project` that has not started yet. */
export function createRun(project: Project, options: RunOptions): Run {
  return new ProjectRun(project, options);
}

/** How long a stop waits for something that is being opened. What opens later than that is closed at once. */
export const openWaitMsMax = 4_000;

/** Listings of jobs whose jobs can be opened although the history has moved on: people click on what they see. */
const listingsMax = 3;

class ProjectRun implements Run {
  #listings: (readonly JobRecord[])[] = [];
  readonly metrics = new Map<string, MetricValues>();
  readonly #project: Project;
  readonly #options: RunOptions;
  readonly #listeners: RunListeners;
  readonly #log: Log;
  readonly #runId: string;
  readonly #ended: Promise<RunStatus>;
  #resolveEnded: (status: RunStatus) => void = () => {};
  #processes: ProcessRun[] = [];
  #resources = new Map<string, ResourceInstance>();
  #state: RunState = 'idle';
  #failure: Failure | null = null;
  #opening: Promise<void> | undefined;
  #isStopping = false;
  /** Whether a process of the run is called by another. */
  #hasCalled = false;

  constructor(project: Project, options: RunOptions) {
    this.#project = project;
    this.#options = options;
    this.#runId = Buffer.from(options.random.bytes(4)).toString('hex');
    this.#listeners = new RunListeners(options.clock, () => this.counts);
    this.#log = createLog((level, message, fields) => {
      options.log[level](message, fields);
      this.#listeners.tell({ kind: 'log', atMs: options.clock.now(), level, message, fields });
    });
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get status(): RunStatus {
    return {
      state: this.#state,
      runId: this.#state === 'idle' ? null : this.#runId,
      processes: this.#processes.map(({ id }) => id),
      processStates: Object.fromEntries(this.#processes.map(({ id, state }) => [id, state])),
      failure: this.#failure,
    };
  }

  get counts(): RunCounts {
    return Object.fromEntries(this.#processes.map(({ id, counters }) => [id, counters.snapshot()]));
  }

  get idleMs(): number {
    return this.#processes.length ? Math.min(...this.#processes.map(({ idleMs }) => idleMs)) : 0;
  }

  readonly start = once(() => this.#start());

  readonly stop = once(() => this.#stop());

  ended(): Promise<RunStatus> {
    return this.#ended;
  }

  jobs({ process, state, limit = 100 }: JobsQuestion = {}): readonly JobSummary[] {
    const listed = this.#processes
      .filter(({ id }) => process === undefined || id === process)
      .flatMap(({ history }) => history.list({ state, limit }))
      .sort(newestFirst)
      .slice(0, limit);
    this.#listings = [listed, ...this.#listings.slice(0, listingsMax - 1)];
    return listed.map((job) => job.summary);
  }

  job(id: string): JobDetail | undefined {
    for (const { history } of this.#processes) {
      const found = history.find(id);
      if (found) return found.detail;
    }
    return this.#listings.flat().find((job) => job.id === id)?.detail;
  }

  on(listener: (event: RunEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  async #start(): Promise<void> {
    if (this.#isStopping) return;
    this.#setState('starting');
    try {
      this.#opening = this.#open();
      // What hangs while it is opened or started must not hold up whoever stopped the run.
      await Promise.race([this.#opening, this.#ended]);
      await Promise.race([Promise.all(this.#processes.map((process) => process.start())), this.#ended]);
    } catch (error) {
      if (!this.#isStopping) {
        this.#failure = this.#processes.find(({ failure }) => failure)?.failure ?? failureOf(error);
        await this.stop();
        throw error;
      }
      if (!(error instanceof RunStopped))
        this.#log.warn('the start ended with a failure after it was stopped', { error: messageOf(error) });
    }
    if (this.#isStopping) return this.stop();
    this.#setState('running');
    this.#maybeEnd();
  }

  async #open(): Promise<void> {
    const { catalog, clock } = this.#options;
    const opener = createOpener(
      this.#project,
      { ...this.#options, log: this.#log },
      { resources: this.#resources, metrics: this.metrics, isStopping: () => this.#isStopping },
    );
    const skipped = new SkippedRecords(this.#options.skipRecords);
    const chosen = this.#chosen();
    const all = [...new Set([...calledBy(chosen, this.#project, catalog), ...chosen])];
    for (const id of new Set(all.flatMap((process) => resourcesOf(process, catalog))))
      this.#resources.set(id, await openResource(opener, id, this.#project.resources[id]));
    const together = openedTogether();
    const shared = this.#shared();
    // What is called is opened, and started, before what calls it.
    for (const process of all) {
      const opened = await openProcess(opener, process, together);
      const added = new ProcessRun(opened, {
        ...{ clock, log: this.#log, runId: this.#runId, skipped, shared },
        onChange: (what) => this.#changed(what),
      });
      this.#processes.push(added);
      this.#hasCalled ||= added.isCalled;
      if (this.#isStopping) await added.stop();
    }
  }

  #shared(): RunShared {
    const find = (id: string) => {
      const found = this.#processes.find((process) => process.id === id);
      assert(found, `process "${id}" is opened with those that call it`);
      return found;
    };
    return {
      random: this.#options.random,
      locks: new Locks(),
      spawn: async (id, input, caller) => find(id).spawn(input, caller, !find(caller.record.process).isCalled),
      countersOf: (id) => find(id).counters,
    };
  }

  /** What an event begins, of the processes that are wanted; what these call is opened with them. */
  #chosen() {
    const { processes } = this.#project;
    const isCalled = (id: string) => isSubprocess(processes[id]!, this.#options.catalog);
    const known = Object.keys(processes)
      .filter((id) => !isCalled(id))
      .sort();
    if (!known.length) throw new RunError('PROJECT_INVALID', `project "${this.#project.name}" has no process to run`);
    const wanted = this.#options.processes?.length ? this.#options.processes : known;
    return wanted.map((id) => {
      const process = Object.hasOwn(processes, id) ? processes[id] : undefined;
      if (process && isCalled(id))
        throw new RunError('PROCESS_IS_CALLED', `process "${id}" begins with a Start: run one that calls it`);
      if (process) return process;
      throw new RunError('PROCESS_UNKNOWN', `expected one of the processes ${known.join(', ')}, found "${id}"`);
    });
  }

  #changed(what: 'state' | 'counts'): void {
    if (what === 'counts') {
      this.#listeners.countsChanged();
      // The last job of a process that is called lets those end that it might have called.
      if (this.#hasCalled) this.#maybeEnd();
      return;
    }
    this.#listeners.tell({ kind: 'status', status: this.status });
    this.#maybeEnd();
  }

  /** When the last process has ended by itself, the run has. */
  #maybeEnd(): void {
    if (this.#state !== 'running') return;
    // Nobody is left to call them, when none of them has a job that may call another.
    if (this.#processes.every(({ hasEnded, isCalled, isBusy }) => hasEnded || (isCalled && !isBusy)))
      for (const process of this.#processes) if (process.isCalled && !process.hasEnded) process.finished();
    if (this.#processes.every(({ hasEnded }) => hasEnded)) void this.stop();
  }

  async #stop(): Promise<void> {
    const { clock } = this.#options;
    this.#isStopping = true;
    this.#setState('stopping');
    if (this.#opening && !(await settledWithin(clock, openWaitMsMax, this.#opening)))
      this.#log.warn('what is being opened did not end in time and is given up', { afterMs: openWaitMsMax });
    // Jobs that end may still call.
    for (const isCalled of [false, true])
      await Promise.all(this.#processes.filter((each) => each.isCalled === isCalled).map((each) => each.stop()));
    if (
      !(await closeAll(
        clock,
        Array.from(this.#resources.values(), (resource) => () => resource.close()),
      ))
    )
      this.#log.warn('shared resources did not close in time', { afterMs: closeWaitMsMax });
    this.#failure ??= this.#processes.find(({ failure }) => failure)?.failure ?? null;
    this.#listeners.flush();
    this.#setState(this.#failure ? 'failed' : 'stopped');
    this.#resolveEnded(this.status);
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#listeners.tell({ kind: 'status', status: this.status });
  }
}
