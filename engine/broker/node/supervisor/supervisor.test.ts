import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../../host/process-identity.ts';
import { clusterStatus, stopCluster } from './cluster-control.ts';
import { clusterFilePath, readClusterFile } from './cluster-file.ts';
import type { ClusterHandle } from './cluster-handle.ts';
import type { StartClusterOptions } from './start-cluster.ts';
import { startCluster } from './start-cluster.ts';

let dataFolder = '';
let clusters: ClusterHandle[] = [];

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'cluster-'));
  clusters = [];
});
afterEach(async () => {
  for (const cluster of clusters) await cluster.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function start(replace: Partial<StartClusterOptions> = {}): Promise<ClusterHandle> {
  const cluster = await startCluster({ brokers: 1, dataFolder, ...replace });
  clusters.push(cluster);
  await cluster.ready();
  return cluster;
}

function pids(cluster: ClusterHandle): number[] {
  return cluster.status().brokers.map(({ pid }) => pid ?? 0);
}

/** Starts a cluster in a process of its own and resolves with that process when the brokers are ready. */
async function startElsewhere(more: Partial<StartClusterOptions> = {}) {
  const script = join(dataFolder, 'start.mjs');
  const module = new URL('./start-cluster.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { startCluster } from ${JSON.stringify(module)};
     const cluster = await startCluster(${JSON.stringify({ brokers: 1, dataFolder, ...more })});
     process.on('SIGTERM', () => cluster.stop().then(() => process.exit()));
     await cluster.ready();
     console.log('ready');`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child.stdout, 'data');
  return child;
}

/** Freezes a process again and again until `over`: whoever ends it thaws it first. */
async function keepFrozen(pid: number, over: Promise<unknown>): Promise<void> {
  const freeze = () => {
    if (isRunning(pid)) process.kill(pid, 'SIGSTOP');
  };
  freeze();
  const timer = setInterval(freeze, 10);
  await over.catch(() => {});
  clearInterval(timer);
}

describe('startCluster', () => {
  it('starts processes that answer, and leaves none behind', async () => {
    const cluster = await start();
    const [row] = (await clusterStatus(dataFolder))?.brokers ?? [];
    expect(row).toMatchObject({ id: 1, state: 'ready', pid: pids(cluster)[0] });
    expect(statSync(clusterFilePath(dataFolder)).mode & 0o077).toBe(0);
    const running = pids(cluster);
    await cluster.stop();
    expect(running.map((pid) => isRunning(pid))).toEqual([false]);
    expect(readClusterFile(dataFolder)?.supervisor).toBeNull();
  });

  it('keeps addresses, id and key from run to run', async () => {
    const first = await start();
    const { bootstrapServers, clusterId } = first.status();
    const key = readClusterFile(dataFolder)?.clusterKey;
    await first.stop();
    const second = await start();
    expect(second.status()).toMatchObject({ bootstrapServers, clusterId });
    expect(readClusterFile(dataFolder)?.clusterKey).toBe(key);
  });

  it('starts a broker again that ends by itself, and leaves one down that was killed', async () => {
    const cluster = await start();
    const [pid] = pids(cluster);
    process.kill(pid as number, 'SIGKILL');
    await expect
      .poll(() => cluster.status().brokers[0], { timeout: 15_000 })
      .toMatchObject({ state: 'ready', restarts: 1 });
    expect(pids(cluster)[0]).not.toBe(pid);
    await cluster.kill(1);
    expect(cluster.status().brokers[0]).toMatchObject({ state: 'stopped', pid: null, restarts: 1 });
    await cluster.restart(1);
    expect(cluster.status().brokers[0]?.state).toBe('ready');
  });

  it('ends its brokers when it is killed itself, and a new one takes over', async () => {
    const child = await startElsewhere();
    const before = readClusterFile(dataFolder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const broker = before?.brokers[0]?.process?.pid ?? 0;
    expect(broker).toBeGreaterThan(0);
    const cluster = await start();
    expect(isRunning(broker)).toBe(false);
    expect(cluster.status().bootstrapServers).toContain(String(before?.brokers[0]?.port));
  });

  it('can be stopped from another process', async () => {
    const child = await startElsewhere();
    const exited = once(child, 'exit');
    expect((await clusterStatus(dataFolder))?.supervisorPid).toBe(child.pid);
    expect(await stopCluster(dataFolder)).toBe(true);
    await exited;
    expect(await clusterStatus(dataFolder)).toMatchObject({ running: false, brokers: [{ state: 'down', pid: null }] });
    expect(await stopCluster(dataFolder)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'says which broker it had to kill because its stop stood still, to whoever stops it (Windows cannot freeze a process)',
    async () => {
      const child = await startElsewhere({ stopStallMsMax: 300 });
      const exited = once(child, 'exit');
      const pid = readClusterFile(dataFolder)?.brokers[0]?.process?.pid ?? 0;
      const stopped = stopCluster(dataFolder);
      await keepFrozen(pid, stopped);
      await expect(stopped).rejects.toMatchObject({ code: 'BROKER_KILLED', details: { brokers: [1] } });
      expect((await exited)[0]).toBe(1);
      expect(isRunning(pid)).toBe(false);
      // It is whole again at its next start.
      const cluster = await start();
      expect(cluster.status().brokers[0]).toMatchObject({ state: 'ready', restarts: 0 });
    },
  );

  it.skipIf(process.platform === 'win32')(
    'ends the other brokers in order when one has to be killed, and lets go of the folder (Windows cannot freeze a process)',
    async () => {
      const cluster = await start({ brokers: 3, stopStallMsMax: 5_000 });
      const frozen = pids(cluster)[1]!;
      const stopped = cluster.stop();
      clusters = [];
      await keepFrozen(frozen, stopped);
      await expect(stopped).rejects.toMatchObject({
        code: 'BROKER_KILLED',
        message: expect.stringMatching(/broker 2 was killed after 5000 ms without progress/),
        details: { brokers: [2] },
      });
      expect(readClusterFile(dataFolder)).toMatchObject({ supervisor: null, killed: [2] });
      await start({ brokers: 3 });
      expect(readClusterFile(dataFolder)?.killed).toEqual([]);
    },
  );

  it('refuses a second supervisor, another size and a port that is taken', async () => {
    const cluster = await start();
    await expect(startCluster({ brokers: 1, dataFolder })).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' });
    const port = Number(cluster.status().bootstrapServers.split(':')[1]);
    await cluster.stop();
    await expect(startCluster({ brokers: 3, dataFolder })).rejects.toMatchObject({ code: 'CLUSTER_SHAPE_CHANGED' });
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(startCluster({ brokers: 1, dataFolder })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(port)),
    });
    other.close();
  });

  it('says why a broker does not come up', async () => {
    const settings = { 'num.partitions': 'many' };
    await expect(startCluster({ brokers: 1, dataFolder, settings })).rejects.toMatchObject({
      code: 'BROKER_CONFIG_INVALID',
      message: expect.stringContaining('num.partitions'),
    });
  });

  it('runs brokers inside this process when asked', async () => {
    const cluster = await start({ inProcess: true });
    expect(pids(cluster)).toEqual([0]);
    expect((await clusterStatus(dataFolder))?.brokers[0]?.state).toBe('ready');
    expect(readFileSync(join(dataFolder, 'broker-1.log'), 'utf8')).toBeDefined();
  });
});
