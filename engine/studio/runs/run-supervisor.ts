import type { Cancel, Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import type { JobDetail, JobSummary, ProcessCounts, RunStatus } from '../contract.ts';
import type { FromRun, JobsQuestion, LogLine, RunRequest, ToRun } from './run-messages.ts';
import type { RunChild, SpawnRun } from './spawn-run.ts';

/** A run ends its jobs in order when it is stopped; one that has not by then is killed. */
const stopWaitMsMax = 20_000;
/** An answer of the run process about jobs; it is busy with work, not with us. */
const answerWaitMsMax = 10_000;

/** What the windows hear of a run. */
export interface RunListener {
  status(status: RunStatus): void;
  counts(counts: Readonly<Record<string, ProcessCounts>>): void;
  log(line: LogLine): void;
}

/** No run yet. */
export function idleRun(project: string | null): RunStatus {
  return { project, state: 'idle', runId: null, processes: [], processStates: {}, failure: null };
}

/** A project's one run at a time, in a process of its own that stays until the next run, so that its jobs can be looked at. */
export class RunSupervisor {
  readonly #spawn: SpawnRun;
  readonly #clock: Clock;
  readonly #listener: RunListener;
  readonly #answers = new Map<number, (value: unknown) => void>();
  #status: RunStatus;
  #counts: Readonly<Record<string, ProcessCounts>> = {};
  #child: RunChild | undefined;
  #started: { resolve: (status: RunStatus) => void; reject: (error: Error) => void } | undefined;
  #ended: (() => void)[] = [];
  #cancelKill: Cancel | undefined;
  #lastId = 0;

  /** `project` is the path of the project. */
  constructor(project: string, spawn: SpawnRun, clock: Clock, listener: RunListener) {
    this.#status = idleRun(project);
    this.#spawn = spawn;
    this.#clock = clock;
    this.#listener = listener;
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Of the present or last run, by process. */
  get counts(): Readonly<Record<string, ProcessCounts>> {
    return this.#counts;
  }

  /** Starts a run; resolves when its starters work. Rejects with RUN_ACTIVE, or with what kept it from starting. */
  start(request: RunRequest): Promise<RunStatus> {
    if (this.#isActive) {
      return Promise.reject(new MillraceError('RUN_ACTIVE', 'expected no run under way, found one; stop it first'));
    }
    this.#drop();
    this.#counts = {};
    this.#become({ ...idleRun(this.#status.project), state: 'starting', processes: [...request.processes] });
    const child: RunChild = this.#spawn({
      message: (message) => this.#child === child && this.#take(message),
      exit: (reason) => this.#child === child && this.#exited(reason),
    });
    this.#child = child;
    const started = new Promise<RunStatus>((resolve, reject) => {
      this.#started = { resolve, reject };
    });
    child.send({ kind: 'start', request });
    return started;
  }

  /** Stops the run in order; kills it when that takes too long. Resolves with how it ended. */
  stop(): Promise<RunStatus> {
    if (!this.#isActive || !this.#child) return Promise.resolve(this.#status);
    if (this.#status.state !== 'stopping') {
      this.#become({ ...this.#status, state: 'stopping' });
      this.#child.send({ kind: 'stop' });
      this.#cancelKill = this.#clock.after(stopWaitMsMax, () => this.#giveUp());
    }
    return new Promise((resolve) => this.#ended.push(() => resolve(this.#status)));
  }

  /** Newest first; none before the first run. */
  async jobs(question: JobsQuestion): Promise<JobSummary[]> {
    if (!this.#child) return [];
    return ((await this.#ask((id) => ({ kind: 'jobs', id, question }))) ?? []) as JobSummary[];
  }

  /** Rejects with JOB_GONE when the run does not keep that job any more. */
  async job(jobId: string): Promise<JobDetail> {
    const found = this.#child ? await this.#ask((id) => ({ kind: 'job', id, jobId })) : undefined;
    if (found) return found as JobDetail;
    throw new MillraceError(
      'JOB_GONE',
      `expected job ${jobId} in the history of the run, found it gone: only the newest jobs are kept`,
    );
  }

  /** Stops what runs and ends the process. */
  async close(): Promise<void> {
    await this.stop();
    this.#drop();
  }

  /** True while the process of a run that has ended is kept. */
  get isKept(): boolean {
    return this.#child !== undefined && !this.#isActive;
  }

  /** Lets the process of a run that has ended go, and its jobs with it. */
  forget(): void {
    if (this.isKept) this.#drop();
  }

  get #isActive(): boolean {
    return ['starting', 'running', 'stopping'].includes(this.#status.state);
  }

  #ask(message: (id: number) => ToRun): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(answerWaitMsMax, () => {
        this.#answers.delete(id);
        reject(
          new MillraceError('RUN_BUSY', 'the run did not answer in time; it is busy with its jobs', {
            retriable: true,
          }),
        );
      });
      this.#answers.set(id, (value) => {
        cancel();
        resolve(value);
      });
      this.#child?.send(message(id));
    });
  }

  #take(message: FromRun): void {
    switch (message.kind) {
      case 'status':
        if (this.#status.state === 'stopping' && isBefore(message.status.state)) return;
        return this.#become({ ...message.status, project: this.#status.project });
      case 'refused': {
        if (!this.#isActive) return;
        const { code, message: text, details } = message.error;
        return this.#become({
          ...this.#status,
          state: 'failed',
          failure: { code, message: text, activity: null, details },
        });
      }
      case 'counts':
        this.#counts = message.counts;
        return this.#listener.counts(message.counts);
      case 'log':
        for (const line of message.lines) this.#listener.log(line);
        return;
      case 'answer': {
        const answer = this.#answers.get(message.id);
        this.#answers.delete(message.id);
        return answer?.(message.value);
      }
    }
  }

  #become(status: RunStatus): void {
    this.#status = status;
    this.#listener.status(status);
    if (status.state === 'running' || !this.#isActive) this.#settleStart(status);
    if (this.#isActive) return;
    this.#cancelKill?.();
    for (const tell of this.#ended.splice(0)) tell();
  }

  #exited(reason: string): void {
    this.#child = undefined;
    this.#forgetQuestions();
    if (!this.#isActive) return;
    const message = `the process of the run ${reason}`;
    this.#fail('RUN_PROCESS_ENDED', message);
  }

  #giveUp(): void {
    const message = `the run did not end its jobs within ${stopWaitMsMax / 1000} s and was killed; what was not committed will be read again`;
    this.#drop();
    this.#fail('RUN_STOP_TIMEOUT', message);
  }

  /** The run is gone, and every process in it that had not ended before. */
  #fail(code: string, message: string): void {
    const processStates = { ...this.#status.processStates };
    for (const [id, state] of Object.entries(processStates))
      if (state !== 'finished' && state !== 'stopped') processStates[id] = 'failed';
    this.#become({ ...this.#status, state: 'failed', processStates, failure: { code, message, activity: null } });
  }

  #settleStart(status: RunStatus): void {
    const { failure } = status;
    const started = this.#started;
    this.#started = undefined;
    if (status.state !== 'failed' || !failure) started?.resolve(status);
    else started?.reject(new MillraceError(failure.code, failure.message, { details: { failure } }));
  }

  #drop(): void {
    this.#child?.kill();
    this.#child = undefined;
    this.#forgetQuestions();
  }

  #forgetQuestions(): void {
    for (const answer of this.#answers.values()) answer(undefined);
    this.#answers.clear();
  }
}

/** States that a run had before it was told to stop. */
function isBefore(state: RunStatus['state']): boolean {
  return state === 'idle' || state === 'starting' || state === 'running';
}
