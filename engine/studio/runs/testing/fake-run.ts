import { silentLog } from '../../../base/log.ts';
import type { Emit } from '../../../rpc/define-contract.ts';
import { serveContract } from '../../../rpc/serve-contract.ts';
import { channelPair } from '../../../rpc/testing/channel-pair.ts';
import type { JobSummary, RunContract, RunRequest, RunState, RunStatus } from '../../../run/run-contract.ts';
import { idleStatus, runContract } from '../../../run/run-contract.ts';
import { jobGone } from '../../../run/run-error.ts';
import type { RunChild, SpawnRun } from '../spawn-run.ts';

/** The process of a run in the hands of a test: it serves the contract, and ends its calls when the test tells how the run stands. */
export class FakeRun {
  /** Calls so far that begin or end it. */
  readonly asked: string[] = [];
  request: RunRequest | undefined;
  jobs: readonly JobSummary[] = [];
  isKilled = false;
  emit!: Emit<RunContract>;
  readonly exit: (reason: string) => void;
  readonly child: RunChild;
  readonly #id: string;
  #status: RunStatus = idleStatus;
  #started = Promise.withResolvers<RunStatus>();
  #stopped = Promise.withResolvers<RunStatus>();

  /** `onAsk` hears of each call as it comes. */
  constructor(id: string, exit: (reason: string) => void, onAsk: (run: FakeRun, name: string) => void) {
    this.#id = id;
    this.exit = exit;
    const [ours, theirs] = channelPair();
    const kill = () => {
      this.isKilled = true;
    };
    this.child = { channel: theirs, kill };
    const note = (name: string) => {
      this.asked.push(name);
      onAsk(this, name);
    };
    serveContract(runContract, ours, silentLog, (emit) => {
      this.emit = emit;
      return {
        start: (request) => {
          this.request = request;
          note('start');
          return this.#started.promise;
        },
        stop: () => {
          note('stop');
          return this.#stopped.promise;
        },
        jobs: () => this.jobs,
        job: ({ id: job }) => this.#job(job),
      };
    });
  }

  /** Tells how the run stands, as an event and as the answer to `start` and `stop` where it is one. */
  tell(state: RunState, failure: RunStatus['failure'] = null): void {
    const main = state === 'stopped' ? 'stopped' : 'running';
    this.#status = { state, runId: this.#id, processes: ['main'], processStates: { main }, failure };
    this.emit('status', this.#status);
    if (state === 'starting') return;
    this.#started.resolve(this.#status);
    if (state === 'stopped') this.#stopped.resolve(this.#status);
  }

  /** Refuses the start. */
  refuse(error: Error): void {
    this.#started.reject(error);
  }

  /** Questions about a job named `slow` are never answered. */
  #job(id: string): Promise<never> {
    return id === 'slow' ? new Promise(() => {}) : Promise.reject(jobGone(id));
  }
}

/** Starts fake runs and keeps them in `runs`. */
export function fakeSpawn(runs: FakeRun[], onAsk: (run: FakeRun, name: string) => void = () => {}): SpawnRun {
  return (onExit) => {
    const run = new FakeRun(`run-${runs.length}`, onExit, onAsk);
    runs.push(run);
    return run.child;
  };
}
