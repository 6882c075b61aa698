import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export type Outcome = 'passed' | 'failed' | 'skipped';

/** Somebody else's tests of Kafka clusters. */
export interface Suite {
  readonly name: string;
  /** What it is, for the table. */
  readonly what: string;
  /** Why it cannot run on this machine; undefined when it can. */
  whyNot(): string | undefined;
  /** Fetches and builds it; a second time it is there already. */
  prepare(): Promise<void>;
  /** Runs it against a cluster; what it says goes to `log`. The outcome of each of its tests. */
  run(bootstrap: string, log: string): Promise<ReadonlyMap<string, Outcome>>;
}

/** Where the suite is fetched to and built. */
export function suiteFolder(name: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'millrace/suites', name);
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Runs a program, all that it says to `log`; resolves to its exit code, null when it was ended by its time limit. */
export async function runLogged(command: Command, log: string): Promise<number | null> {
  const child = spawn(command.program, command.args, {
    cwd: command.folder,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: command.timeoutMs,
    killSignal: 'SIGKILL',
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const file = createWriteStream(log, { flags: 'a' });
  child.stderr.pipe(file, { end: false });
  await pipeline(child.stdout, file, { end: false });
  const [code] = await closed;
  file.end();
  return code;
}

/** The same for a step that must go well. */
export async function runStep(command: Command, log: string): Promise<void> {
  const code = await runLogged(command, log);
  if (code !== 0)
    throw new Error(
      `expected ${command.program} ${command.args.join(' ')} to end well, found exit code ${code}: see ${log}`,
    );
}
