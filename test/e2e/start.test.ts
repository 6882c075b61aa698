import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { build, projectFolder } from '../../scripts/build.ts';
import { until } from '../kit/until.ts';
import { processesOf } from './processes-of.ts';
import { copySample } from './running-studio.ts';

const isWindows = process.platform === 'win32';

it.skipIf(isWindows)(
  `prints one line when it is open, and Ctrl+C ends everything in order${isWindows ? ' (skipped: Windows has no process groups)' : ''}`,
  async () => {
    await build();
    const sample = copySample();
    const args = [join(projectFolder, 'scripts/start.ts'), sample.projectPath, '--no-open'];
    const env = { ...process.env, MILLRACE_HOME: join(sample.folder, 'home') };
    // A group of its own, as a terminal gives it to a command: Ctrl+C reaches every process of it.
    const start = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    let errors = '';
    start.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    start.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ended = new Promise<number | null>((resolve) => start.once('exit', resolve));
    await until('it is open', () => output.includes('\n'), 60_000);
    expect(output).toMatch(/^Millrace is open at http:\/\/127\.0\.0\.1:\d+\/#token=\S+ \(Ctrl\+C stops it\)\n$/);
    // Brokers exist, and none of them has come to its own code yet: the moment at which a signal is worst.
    await until('the brokers run', () => processesOf(sample.folder).length >= 5, 60_000);
    process.kill(-start.pid!, 'SIGINT');
    expect(await ended).toBe(0);
    await until('every process is gone', () => processesOf(sample.folder).length === 0);
    expect(errors).not.toMatch(/error/i);
    sample.remove();
  },
);
