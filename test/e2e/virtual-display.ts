import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Starts an X server without a screen where there is no display; it picks its own number. */
export async function startDisplay(): Promise<{ readonly display: string | undefined; stop(): void }> {
  if (process.platform !== 'linux' || process.env.DISPLAY || !existsSync('/usr/bin/Xvfb'))
    return { display: undefined, stop: () => {} };
  const server: ChildProcess = spawn(
    '/usr/bin/Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with exit code ${code}`)));
  });
  return { display: `:${number}`, stop: () => server.kill('SIGTERM') };
}
