import type { Serializable } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../../rpc/serve-contract.ts';

/** The process that runs a project, from the studio's side. */
export interface RunChild {
  /** At its other end the process serves the contract of a run. */
  readonly channel: Channel;
  /** Ends it at once. */
  kill(): void;
}

/** Starts one. `onExit` is called once; its reason says how it ended: exit code or signal, and its last words. */
export type SpawnRun = (onExit: (reason: string) => void) => RunChild;

/** Bytes of standard error kept for the reason of a crash. */
const lastWordsBytesMax = 4_096;

/** The entry beside this file: sources run as they are, in `dist/engine` every entry is a bundle in one folder. */
function entryPath(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../run-process.ts' : './run-process.js', import.meta.url));
}

/** Starts a process of its own for a run: a crash or an endless loop there never takes the studio with it. */
export const spawnRun: SpawnRun = (onExit) => {
  const env = process.versions.electron === undefined ? process.env : { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const child = fork(entryPath(), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env,
    // A group of its own: a terminal's Ctrl+C goes to the studio alone, which ends runs in order.
    detached: process.platform !== 'win32',
  });
  let lastWords = '';
  let isOver = false;
  const over = (reason: string) => {
    if (isOver) return;
    isOver = true;
    onExit(reason);
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsBytesMax);
  });
  child.on('error', (error) => over(error.message));
  child.on('close', (code, signal) => {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    over(lastWords.trim() ? `${how}: ${lastLine(lastWords)}` : how);
  });
  return {
    channel: {
      send: (message) => child.connected && child.send(message as Serializable, () => {}),
      onMessage: (listener) => void child.on('message', listener),
    },
    kill: () => child.kill('SIGKILL'),
  };
};

/** The line of a crash report that says what happened: the first that names an error, else the last one. */
function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => /^(\w*Error|FATAL ERROR)\b/.test(line)) ?? lines.at(-1) ?? '';
}
