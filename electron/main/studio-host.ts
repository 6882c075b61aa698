import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { StudioCommand } from './studio-command.ts';

/** The studio's process, whoever hosts it. */
export interface StudioHost {
  /** Asks it to end in order. */
  end(): void;
  kill(): void;
}

export interface HostEvents {
  /** Text of its standard output, in pieces as they come. */
  readonly output: (text: string) => void;
  readonly errors: (text: string) => void;
  /** Called once. */
  readonly exit: (reason: string) => void;
}

/** Starts the studio. The process ends with this one, however this one ends. */
export function startHost(command: StudioCommand, env: NodeJS.ProcessEnv, events: HostEvents): StudioHost {
  return command.node === undefined ? inElectron(command, env, events) : inNode(command.node, command, env, events);
}

function inNode(node: string, { script, args }: StudioCommand, env: NodeJS.ProcessEnv, events: HostEvents): StudioHost {
  // The IPC channel carries nothing: its end tells the studio that this process is gone, even after kill -9.
  const child: ChildProcess = spawn(node, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let isOver = false;
  const over = (reason: string) => {
    if (isOver) return;
    isOver = true;
    events.exit(reason);
  };
  child.stdout?.setEncoding('utf8').on('data', events.output);
  child.stderr?.setEncoding('utf8').on('data', events.errors);
  child.on('error', (error) => over(error.message));
  child.on('close', (code, signal) => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
  return { end: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') };
}

/** In a packaged app: brokers and runs are started from there as Node, too. */
function inElectron({ script, args }: StudioCommand, env: NodeJS.ProcessEnv, events: HostEvents): StudioHost {
  const child = utilityProcess.fork(script, [...args], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: 'Millrace studio',
  });
  child.stdout?.on('data', (data: Buffer) => events.output(data.toString()));
  child.stderr?.on('data', (data: Buffer) => events.errors(data.toString()));
  child.on('exit', (code) => events.exit(`exit code ${code}`));
  return { end: () => child.kill(), kill: () => child.kill() };
}
