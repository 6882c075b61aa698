import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster } from '../broker/node/supervisor/start-cluster.ts';
import { runCluster } from './cluster.ts';
import { UsageError } from './command.ts';
import { exitCode } from './exit-code.ts';

let dataFolder = '';
let printed = '';
const run = (...args: string[]) =>
  runCluster([...args, '--data', dataFolder], (text) => {
    printed += text;
  });

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cli-cluster-'));
  printed = '';
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

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

  it('names what is wrong with its arguments', async () => {
    expect(await run('fly')).toBe(exitCode.usage);
    expect(printed).toContain('millrace cluster start|status|stop');
    await expect(run('status', '--colour')).rejects.toThrow(UsageError);
    await expect(run('start', '--ports', '1,x')).rejects.toThrow(UsageError);
    await expect(run('start', '--set', 'novalue')).rejects.toThrow(UsageError);
    await expect(run('start', '--brokers', '0')).rejects.toMatchObject({ code: 'CLUSTER_SHAPE_INVALID' });
  });
});
