import { exitCodeOf } from './exit-code.ts';

/** One Ctrl+C comes several times: from the terminal, and from each npm and script above this process that passes it on. */
const sameSignalMsMax = 1_000;

/** The signals of this process, as a command sees them. */
export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM, with its name as the reason, so that a command can end in order. */
  readonly signal: AbortSignal;
  /** Leaves the signals to somebody else. */
  release(): void;
}

/** Catches SIGINT and SIGTERM from now on: the first aborts `signal`, a later one ends the process. Called before anything else is loaded. */
export function catchInterruption(): Interruption {
  const controller = new AbortController();
  let firstAt = 0;
  const caught = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) firstAt = performance.now();
    else if (performance.now() - firstAt > sameSignalMsMax) process.exit(exitCodeOf(name));
    controller.abort(name);
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, caught);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, caught);
    },
  };
}

/** Resolves with the exit code of a command that a signal ends, when it comes. */
export function interruptedBy(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const end = () => resolve(exitCodeOf(signal.reason));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
