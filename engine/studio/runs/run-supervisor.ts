import type { Cancel, Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { ContractCaller } from '../../rpc/contract-caller.ts';
import { wireError } from '../../rpc/wire-error.ts';
import type {
  Failure,
  JobDetail,
  JobSummary,
  JobsQuestion,
  LogLine,
  RunContract,
  RunCounts,
  RunRequest,
  RunStatus,
} from '../../run/run-contract.ts';
import { idleStatus, runContract } from '../../run/run-contract.ts';
import { jobGone, runActive } from '../../run/run-error.ts';
import type { ProjectRunStatus } from '../contract.ts';
import type { RunChild, SpawnRun } from './spawn-run.ts';

/** A run ends its jobs in order when it is stopped; one that has not by then is killed. */
const stopWaitMsMax = 20_000;
/** An answer of the run about its jobs; it is busy with work, not with us. */
const answerWaitMsMax = 10_000;

/** What the windows hear of a run. */
export interface RunListener {
  status(status: ProjectRunStatus): void;
  counts(counts: RunCounts): void;
  log(line: LogLine): void;
}

/** What all runs of the studio stand on. */
export interface SupervisorGround {
  readonly spawn: SpawnRun;
  readonly clock: Clock;
  readonly log: Log;
}

/** No run yet. */
export function idleRun(project: string | null): ProjectRunStatus {
  return { ...idleStatus, project };
}

/** A process that runs the project, and the contract that it serves. */
interface Running extends RunChild {
  readonly run: ContractCaller<RunContract>;
}

/** A project's one run at a time, in a process of its own that stays until the next run, so that its jobs can be looked at. */
export class RunSupervisor {
  readonly #ground: SupervisorGround;
  readonly #listener: RunListener;
  #status: ProjectRunStatus;
  #counts: RunCounts = {};
  #child: Running | undefined;
  #started: { resolve: (status: ProjectRunStatus) => void; reject: (error: Error) => void } | undefined;
  #ended: (() => void)[] = [];
  #cancelKill: Cancel | undefined;

  /** `project` is the path of the project. */
  constructor(project: string, ground: SupervisorGround, listener: RunListener) {
    this.#status = idleRun(project);
    this.#ground = ground;
    this.#listener = listener;
  }

  get status(): ProjectRunStatus {
    return this.#status;
  }

  /** Of the present or last run. */
  get counts(): RunCounts {
    return this.#counts;
  }

  /** True while the process of a run that has ended is kept. */
  get isKept(): boolean {
    return this.#child !== undefined && !this.#isActive;
  }

  /** Starts a run; resolves when its starters work. Rejects with RUN_ACTIVE, or with what kept it from starting. */
  start(request: RunRequest): Promise<ProjectRunStatus> {
    if (this.#isActive) return Promise.reject(runActive());
    this.#drop();
    this.#counts = {};
    this.#become({ ...idleStatus, state: 'starting', processes: [...request.processes] });
    const started = new Promise<ProjectRunStatus>((resolve, reject) => {
      this.#started = { resolve, reject };
    });
    const { run } = this.#spawn();
    const ifStill = (take: () => void) => this.#child?.run === run && take();
    run.call('start', request).then(
      (status) => ifStill(() => this.#answered(status)),
      (thrown) => ifStill(() => this.#refused(thrown)),
    );
    return started;
  }

  /** Stops the run in order; kills it when that takes too long. Resolves with how it ended. */
  stop(): Promise<ProjectRunStatus> {
    if (!this.#isActive || !this.#child) return Promise.resolve(this.#status);
    const ended = new Promise<ProjectRunStatus>((resolve) => this.#ended.push(() => resolve(this.#status)));
    if (this.#status.state === 'stopping') return ended;
    this.#become({ ...this.#status, state: 'stopping' });
    this.#cancelKill = this.#ground.clock.after(stopWaitMsMax, () => this.#giveUp());
    const { run } = this.#child;
    run.call('stop', {}).then(
      (status) => this.#child?.run === run && this.#answered(status),
      // A process that goes before it has answered is heard of otherwise.
      () => {},
    );
    return ended;
  }

  /** Newest first; none before the first run. */
  async jobs(question: JobsQuestion): Promise<readonly JobSummary[]> {
    return (await this.#child?.run.call('jobs', question, { waitMsMax: answerWaitMsMax })) ?? [];
  }

  /** Rejects with JOB_GONE when the run does not keep that job any more. */
  async job(id: string): Promise<JobDetail> {
    if (!this.#child) throw jobGone(id);
    return this.#child.run.call('job', { id }, { waitMsMax: answerWaitMsMax });
  }

  /** Stops what runs and ends the process. */
  async close(): Promise<void> {
    await this.stop();
    this.#drop();
  }

  /** Ends the process of a run that has ended; its jobs are gone with it. */
  forget(): void {
    if (this.isKept) this.#drop();
  }

  get #isActive(): boolean {
    return ['starting', 'running', 'stopping'].includes(this.#status.state);
  }

  #spawn(): Running {
    const { spawn, clock, log } = this.#ground;
    const child = spawn((reason) => this.#child?.run === run && this.#exited(reason));
    const run = new ContractCaller(runContract, child.channel, { clock, log, peer: 'the run' });
    run.on('status', (status) => this.#heard(status));
    run.on('counts', (counts) => {
      this.#counts = counts;
      this.#listener.counts(counts);
    });
    run.on('log', (lines) => {
      for (const line of lines) this.#listener.log(line);
    });
    this.#child = { ...child, run };
    return this.#child;
  }

  #heard(status: RunStatus): void {
    if (this.#status.state !== 'stopping' || !isBefore(status.state)) this.#become(status);
  }

  /** An answer says the same as the event before it, unless there was none. */
  #answered(status: RunStatus): void {
    if (this.#isActive && status.state !== this.#status.state) this.#heard(status);
  }

  #refused(thrown: unknown): void {
    if (!this.#isActive) return;
    const { code, message, details } = wireError(thrown);
    this.#become({ ...this.#status, state: 'failed', failure: { code, message, activity: null, details } });
  }

  #become(status: RunStatus): void {
    this.#status = { ...status, project: this.#status.project };
    this.#listener.status(this.#status);
    if (status.state === 'running' || !this.#isActive) this.#settleStart();
    if (this.#isActive) return;
    this.#cancelKill?.();
    for (const tell of this.#ended.splice(0)) tell();
  }

  #settleStart(): void {
    const { state, failure } = this.#status;
    const started = this.#started;
    this.#started = undefined;
    if (state !== 'failed' || !failure) started?.resolve(this.#status);
    else started?.reject(new MillraceError(failure.code, failure.message, { details: { failure } }));
  }

  #exited(reason: string): void {
    this.#fail('RUN_PROCESS_ENDED', `the process of the run ${reason}`);
  }

  #giveUp(): void {
    const message = `the run did not end its jobs within ${stopWaitMsMax / 1000} s and was killed; what was not committed will be read again`;
    this.#fail('RUN_STOP_TIMEOUT', message);
  }

  /** The run is gone, and every process in it that had not ended before. */
  #fail(code: string, message: string): void {
    this.#drop(new MillraceError(code, message, { retriable: true }));
    if (!this.#isActive) return;
    const processStates = { ...this.#status.processStates };
    for (const [id, state] of Object.entries(processStates))
      if (state !== 'finished' && state !== 'stopped') processStates[id] = 'failed';
    const failure: Failure = { code, message, activity: null };
    this.#become({ ...this.#status, state: 'failed', processStates, failure });
  }

  #drop(reason = new MillraceError('RUN_GONE', 'the run was let go; ask again', { retriable: true })): void {
    this.#child?.kill();
    this.#child?.run.end(reason);
    this.#child = undefined;
  }
}

/** States that a run had before it was told to stop. */
function isBefore(state: RunStatus['state']): boolean {
  return state === 'idle' || state === 'starting' || state === 'running';
}
