import type { Log } from '../../../base/log.ts';
import type { BrokerFile } from '../config/broker-config.ts';
import type { BrokerExit, BrokerRunner, StartRunner } from './broker-runner.ts';

/** Waits before a broker that ended by itself is started again: doubled each time, begun anew after a good run. */
const restartWaitMsMin = 200;
const restartWaitMsMax = 10_000;
const goodRunMsMin = 30_000;

export type BrokerState = 'starting' | 'ready' | 'stopped' | 'waiting-to-restart';

/** One broker as the supervisor knows it. */
export interface BrokerStatusRow {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** Null when it does not run or has no process of its own. */
  readonly pid: number | null;
  readonly state: BrokerState;
  /** Times that it ended by itself and was started again. */
  readonly restarts: number;
  /** Why it ended last, if it ever did by itself. */
  readonly lastError: string | null;
  /** What it waits for while it starts, or has still to do while it stops; null when it has not said. */
  readonly waitsFor: string | null;
}

/** Keeps one broker running: starts it again when it ends by itself, leaves it alone when it was told to end. */
export class SupervisedBroker {
  readonly file: BrokerFile;
  readonly #startRunner: StartRunner;
  readonly #onChange: () => void;
  readonly #log: Log;
  #runner: BrokerRunner | undefined;
  #state: BrokerState = 'stopped';
  #restarts = 0;
  #waitMs = restartWaitMsMin;
  #startedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastExit: BrokerExit | undefined;
  #watchers: (() => void)[] = [];
  #waitsFor: string | null = null;

  constructor(file: BrokerFile, startRunner: StartRunner, onChange: () => void, log: Log) {
    this.file = file;
    this.#startRunner = startRunner;
    this.#onChange = onChange;
    this.#log = log;
  }

  get runner(): BrokerRunner | undefined {
    return this.#runner;
  }

  get lastExit(): BrokerExit | undefined {
    return this.#lastExit;
  }

  get row(): BrokerStatusRow {
    const { brokerId: id, listen } = this.file;
    const pid = this.#runner?.process?.pid ?? null;
    const lastError = this.#lastExit?.message ?? null;
    return {
      id,
      ...listen,
      pid,
      state: this.#state,
      restarts: this.#restarts,
      lastError,
      waitsFor: this.#waitsFor,
    };
  }

  start(): void {
    if (this.#runner) return;
    clearTimeout(this.#timer);
    this.#startedAtMs = performance.now();
    this.#change('starting');
    const runner = this.#startRunner(this.file, {
      onListening: () => {},
      onReady: () => this.#change('ready'),
      onProgress: (left) => {
        this.#waitsFor = left;
      },
      onExit: (exit) => this.#ended(exit),
    });
    this.#runner = runner;
    this.#onChange();
  }

  /** Resolves with why it did not end in order, if it did not. */
  async stop(wholeCluster = false): Promise<string | undefined> {
    clearTimeout(this.#timer);
    const disorder = await this.#runner?.stop(wholeCluster);
    this.#change('stopped');
    if (disorder !== undefined)
      this.#log.error('a broker did not end in order: its logs are recovered at its next start', {
        broker: this.file.brokerId,
        reason: disorder,
      });
    return disorder;
  }

  async kill(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#runner?.kill();
    this.#change('stopped');
  }

  /** Resolves when the broker is ready, or has ended: look at the state. */
  settled(): Promise<void> {
    if (this.#state !== 'starting') return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  #ended(exit: BrokerExit): void {
    this.#runner = undefined;
    if (exit.isExpected) {
      this.#change('stopped');
      return;
    }
    this.#lastExit = exit;
    if (performance.now() - this.#startedAtMs >= goodRunMsMin) this.#waitMs = restartWaitMsMin;
    this.#log.error('a broker ended by itself and is started again', {
      broker: this.file.brokerId,
      code: exit.code,
      reason: exit.message,
      waitMs: this.#waitMs,
    });
    this.#timer = setTimeout(() => this.#restart(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, restartWaitMsMax);
    this.#change('waiting-to-restart');
  }

  #restart(): void {
    this.#restarts++;
    this.start();
  }

  #change(state: BrokerState): void {
    this.#state = state;
    this.#waitsFor = null;
    this.#onChange();
    if (state === 'starting') return;
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
