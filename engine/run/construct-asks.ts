import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { evaluateAsk } from '../process/answers.ts';
import type { Answer, Ask } from '../process/events.ts';
import { plannedOf } from '../process/job.ts';
import { toJobError } from './job-error.ts';
import type { Locks } from './locks.ts';
import type { RunningJob } from './running-job.ts';

/** Answers that are given in one turn of the process, at most; and for how long, in milliseconds. A loop without end ends no turn by itself. */
export const answersPerTurnMax = 500;
export const turnMsMax = 5;

/** Starts a job of another process for one that calls it; answers with its id, or rejects with a MillraceError. */
export type SpawnJob = (
  process: string,
  input: Readonly<Record<string, unknown>>,
  caller: RunningJob,
) => Promise<string>;

interface ConstructAsksOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly spawn: SpawnJob;
  /** Steps a job with an answer. */
  readonly post: (running: RunningJob, answer: Answer) => void;
}

/**
 * What constructs ask the driver for: values of expressions, time, locks, jobs. Their answers are what loops and calls go on with, so they
 * are counted: after so many everybody else has a turn.
 */
export class ConstructAsks {
  readonly #options: ConstructAsksOptions;
  #answers = 0;
  #turnBegan = 0;

  constructor(options: ConstructAsksOptions) {
    this.#options = options;
  }

  perform(running: RunningJob, ask: Ask): void {
    switch (ask.want) {
      case 'input':
      case 'fields':
        this.#evaluate(running, ask);
        break;
      case 'turn':
        this.#answer(running, ask, undefined);
        break;
      case 'delay':
        this.#wait(running, ask);
        break;
      case 'lock':
        this.#lock(running, ask);
        break;
      case 'spawn':
        this.#options.spawn(ask.process, ask.input, running).then(
          (job) => this.#answer(running, ask, job),
          (thrown) => this.#refuse(running, ask, thrown),
        );
        break;
    }
  }

  #evaluate(running: RunningJob, ask: Extract<Ask, { want: 'input' | 'fields' }>): void {
    const tell = (answer: Answer) => {
      if (ask.want === 'input' && answer.ok) running.record.noteInput(ask.execution, answer.answer);
      this.#post(running, answer);
    };
    try {
      const answer = evaluateAsk(running.job, ask);
      if (answer instanceof Promise) answer.then(tell, (thrown) => this.#refuse(running, ask, thrown));
      else tell(answer);
    } catch (thrown) {
      this.#refuse(running, ask, thrown);
    }
  }

  /** The wait is seen in the job, and ends with it. */
  #wait(running: RunningJob, ask: Extract<Ask, { want: 'delay' }>): void {
    const { clock, random } = this.#options;
    const { ms, jitter } = ask.delay;
    const waitMs = Math.max(0, ms * (1 + jitter * (2 * random.next() - 1)));
    running.record.noteWait(ask.execution, clock.monotonic() + waitMs);
    const cancel = clock.after(waitMs, () => {
      running.record.noteWait(ask.execution, undefined);
      running.forget(ask.execution);
      this.#answer(running, ask, undefined);
    });
    running.hold(ask.execution, cancel);
  }

  #lock(running: RunningJob, ask: Extract<Ask, { want: 'lock' }>): void {
    const release = this.#options.locks.acquire(ask.name, () => this.#answer(running, ask, undefined));
    running.hold(ask.execution, release);
  }

  #answer(running: RunningJob, { execution, token }: Ask, answer: unknown): void {
    this.#post(running, { type: 'answered', execution, token, ok: true, answer });
  }

  #refuse(running: RunningJob, { execution, token }: Ask, thrown: unknown): void {
    const error = toJobError(thrown, plannedOf(running.job, execution).id);
    this.#post(running, { type: 'answered', execution, token, ok: false, error });
  }

  #post(running: RunningJob, answer: Answer): void {
    const { clock, post } = this.#options;
    const now = clock.monotonic();
    if (this.#answers === 0) this.#turnBegan = now;
    this.#answers++;
    if (this.#answers < answersPerTurnMax && now - this.#turnBegan < turnMsMax) {
      post(running, answer);
      return;
    }
    this.#answers = 0;
    clock.soon(() => post(running, answer));
  }
}
