import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = join(fileURLToPath(new URL('../..', import.meta.url)), 'engine/cli/main.ts');

/** A `millrace` process. */
export interface Millrace {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly out: () => string;
  readonly error: () => string;
  /** Its exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string>;
}

/** Starts the command from its sources; its standard input is empty, or a pipe that stays open. */
export function startMillrace(
  args: readonly string[],
  environment: Record<string, string> = {},
  input: 'ignore' | 'pipe' = 'ignore',
): Millrace {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...environment },
    stdio: [input, 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    error += String(chunk);
  });
  const exit = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, out: () => out, error: () => error, exit };
}

/** Runs the command to its end. */
export async function millrace(args: readonly string[], environment: Record<string, string> = {}) {
  const started = startMillrace(args, environment);
  const code = await started.exit;
  return { code, out: started.out(), error: started.error() };
}
