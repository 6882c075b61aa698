import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

// This file runs on any Node.js that a user has: it imports nothing of the project and keeps to old syntax.

/** The Node.js that was installed with Millrace for machines with an older one; undefined where there is none. */
export function ownNode(): string | undefined {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/bin/${file}`);
  } catch {
    return undefined;
  }
}

/** Runs this very command line on another Node.js, in this process's place; resolves to its exit code. */
export function runOn(node: string, args: readonly string[] = process.argv.slice(1)): Promise<number> {
  const child = spawn(node, args, { stdio: 'inherit' });
  // Ctrl+C reaches both processes from the terminal, a signal that is sent to this one does not: all are passed on, and the child
  // takes two that come at once for one. It decides when to end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
