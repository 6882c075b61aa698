import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterHandle } from '../broker/node/supervisor/cluster-handle.ts';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { exitCode } from './exit-code.ts';
import { runCommandLine } from './run-command-line.ts';

let dataFolder = '';
let printed = '';
let cluster: ClusterHandle | undefined;

const run = (...args: string[]) => runCommandLine(args);
const members = () => cluster?.status().brokers.map(({ id }) => id);

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cli-members-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
  await cluster?.stop();
  cluster = undefined;
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('millrace cluster add and remove', () => {
  it('gives a running cluster one broker more, and takes the first one out with all that it held moved away', async () => {
    cluster = await startCluster({ brokers: 1, dataFolder, inProcess: true });
    await cluster.ready();
    const where = ['--cluster', cluster.status().bootstrapServers];
    expect(await run('topic', 'create', 'orders', '--partitions', '3', ...where)).toBe(exitCode.ok);
    expect(await run('cluster', 'add', '--data', dataFolder)).toBe(exitCode.ok);
    expect(members()).toEqual([1, 2]);
    expect(await run('cluster', 'remove', '1', '--data', dataFolder, ...where)).toBe(exitCode.ok);
    expect(members()).toEqual([2]);
    printed = '';
    const left = ['--cluster', cluster.status().bootstrapServers];
    expect(await run('topic', 'describe', 'orders', '--json', ...left)).toBe(exitCode.ok);
    expect(printed).toContain('"replicas":[2]');
    await cluster.stop();
    cluster = await startCluster({ brokers: 1, dataFolder, inProcess: true });
    await cluster.ready();
    expect(members()).toEqual([2]);
  }, 60_000);

  it('does nothing where no cluster with that broker runs', async () => {
    expect(await run('cluster', 'add', '--data', dataFolder)).toBe(exitCode.failed);
    expect(await run('cluster', 'remove', '1', '--data', dataFolder)).toBe(exitCode.failed);
    expect(await run('cluster', 'remove', 'one', '--data', dataFolder)).toBe(exitCode.usage);
  });
});
