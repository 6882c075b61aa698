import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { exitCode } from './exit-code.ts';
import { runCommandLine } from './run-command-line.ts';

let dataFolder = '';
let printed = '';
let error = '';
const run = (command: string, ...args: string[]) => runCommandLine(['cluster', command, ...args, '--data', dataFolder]);

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cli-cluster-'));
  printed = '';
  error = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('millrace cluster', () => {
  it('says when there is nothing to show or stop', async () => {
    expect(await run('status')).toBe(exitCode.failed);
    expect(await run('stop')).toBe(exitCode.failed);
    expect(printed).toContain('There is no cluster');
    expect(printed).toContain('No cluster runs');
  });

  it('shows a cluster that another process would ask about, as text and as JSON', async () => {
    const cluster = await startCluster({ brokers: 1, dataFolder, inProcess: true });
    await cluster.ready();
    expect(await run('status')).toBe(exitCode.ok);
    expect(printed).toMatch(/broker 1 {2}127\.0\.0\.1:\d+ +ready/);
    printed = '';
    await run('status', '--json');
    expect(JSON.parse(printed)).toMatchObject({ running: true, brokers: [{ id: 1, state: 'ready' }] });
    await cluster.stop();
    expect(await run('status')).toBe(exitCode.failed);
  });

  it.each([
    [['fly'], /expected one of: cluster start, cluster status, cluster stop/],
    [['status', '--colour'], /--colour/],
    [['start', '--ports', '1,x'], /--ports: expected ports from 0 to 65535 with commas, found "1,x"/],
    [['start', '--set', 'novalue'], /--set: expected name=value/],
    [['start', '--brokers', 'abc'], /--brokers: expected a whole number from 1 to 9, found "abc"/],
    [['start', '--brokers', '2'], /--brokers: expected 1, 3 or 5, found 2/],
    [['start', '--log-level', 'bogus'], /--log-level: expected debug, info, warn, error, found "bogus"/],
  ])('ends %j with one line and exit code 2', async (words, line) => {
    const [command, ...args] = words as [string, ...string[]];
    expect(await run(command, ...args)).toBe(exitCode.usage);
    expect(error).toMatch(line);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});
