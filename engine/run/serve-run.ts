import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Channel } from '../rpc/serve-contract.ts';
import { serveContract } from '../rpc/serve-contract.ts';
import type { Run } from './create-run.ts';
import { LogBatcher } from './log-batcher.ts';
import type { RunRequest } from './run-contract.ts';
import { idleStatus, runContract } from './run-contract.ts';
import { jobGone, runActive } from './run-error.ts';

/** What serving a run takes. */
export interface RunService {
  /** Whoever asks is at its other end. */
  readonly channel: Channel;
  /** Makes the run that is asked for; throws what keeps it from starting. */
  readonly open: (request: RunRequest) => Run;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves the contract of a run over a channel: one run, once. Returns what stops it, for when the other end has gone. */
export function serveRun({ channel, open, clock, log }: RunService): () => Promise<void> {
  let run: Run | undefined;
  serveContract(runContract, channel, log, (emit) => {
    const lines = new LogBatcher(clock, (batch) => emit('log', [...batch]));
    return {
      start: async (request) => {
        if (run) throw runActive();
        run = open(request);
        run.on((event) => {
          if (event.kind === 'log') lines.add(event);
          else if (event.kind === 'counts') emit('counts', event.counts);
          else emit('status', event.status);
        });
        try {
          await run.start();
        } finally {
          lines.flush();
        }
        return run.status;
      },
      stop: async () => {
        await run?.stop();
        lines.flush();
        return run?.status ?? idleStatus;
      },
      jobs: (question) => run?.jobs(question) ?? [],
      job: ({ id }) => {
        const found = run?.job(id);
        if (found) return found;
        throw jobGone(id);
      },
    };
  });
  return async () => run?.stop();
}
