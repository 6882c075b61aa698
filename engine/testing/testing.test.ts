import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startCluster } from './main.ts';

it('starts a cluster that takes connections, keeps a folder that was named, and is gone behind stop', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'testing-'));
  const cluster = await startCluster({ dataFolder, settings: { 'num.partitions': 2 } });
  const [host, port] = cluster.bootstrapServers.split(':');
  const socket = connect(Number(port), host);
  await once(socket, 'connect');
  socket.destroy();
  await Promise.all([cluster.stop(), cluster.stop()]);
  expect(readdirSync(dataFolder)).toContain('cluster.json');
  rmSync(dataFolder, { recursive: true });
});

it('removes its own folder, also when it is disposed of', async () => {
  const before = new Set(readdirSync(tmpdir()));
  const own = () => readdirSync(tmpdir()).filter((name) => name.startsWith('millrace-testing-') && !before.has(name));
  {
    await using cluster = await startCluster();
    expect(cluster.clusterId).not.toBe('');
    expect(own()).toHaveLength(1);
  }
  expect(own().filter((name) => existsSync(join(tmpdir(), name)))).toEqual([]);
});

it('says what is wrong with what it was asked for', async () => {
  await expect(startCluster({ brokers: 0 })).rejects.toMatchObject({ code: 'CLUSTER_SHAPE_INVALID' });
});
