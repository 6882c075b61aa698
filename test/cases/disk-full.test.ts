import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MillraceError } from '../../engine/base/errors.ts';
import type { ClusterHandle } from '../../engine/broker/node/supervisor/cluster-handle.ts';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace } from '../kit/millrace.ts';
import { until } from '../kit/until.ts';

/** A small file system of its own, which only root on Linux may mount. */
const whyNot =
  process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'only root on Linux can mount a small disk';

const diskMb = 24;
const record = Buffer.from('x'.repeat(500_000));
const connection = (bootstrapServers: string) => testConnection({ transport: 'websocket', bootstrapServers });

describe.skipIf(whyNot)(`a broker on a disk of ${diskMb} MB${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-disk-'));
  let cluster: ClusterHandle;
  let isMounted = false;

  beforeAll(async () => {
    isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m`, 'tmpfs', folder]).status === 0;
    expect(isMounted, 'expected a small disk to be mounted').toBe(true);
    cluster = await startCluster({ brokers: 1, dataFolder: folder, settings: {} });
    await cluster.ready();
  });
  afterAll(async () => {
    await cluster?.stop();
    if (isMounted) spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('78: tells clients, its readiness and its health that the disk is full, keeps what was acknowledged, and goes on when there is room', async () => {
    const address = cluster.status().bootstrapServers;
    const at = ['--cluster', address];
    expect((await millrace(['topic', 'create', 'full', '--partitions', '1', ...at])).code).toBe(0);
    let kept = 0;
    const producer = new KafkaProducer(connection(address), { deliveryWaitMsMax: 5_000 });
    const refused = await until('the disk is full', async () => {
      try {
        await producer.send({ topic: 'full', key: null, value: record });
        kept += 1;
        return undefined;
      } catch (error) {
        return error as MillraceError;
      }
    });
    expect(refused.message).toMatch(/KAFKA_STORAGE_ERROR|disk/i);
    expect(kept).toBeGreaterThan(5);
    const ready = () => fetch(`http://${address}/readyz`);
    await until('the broker says that it is not ready', async () => (await ready()).status === 503);
    expect(await (await ready()).text()).toMatch(/disk|storage|room|write/i);

    expect(spawnSync('mount', ['-o', `remount,size=${diskMb * 4}m`, folder]).status).toBe(0);
    await until('there is room again', async () => (await ready()).status === 200);
    await producer.send({ topic: 'full', key: null, value: record });
    await producer.close();
    const read = await millrace(['receive', 'full', '--from', 'earliest', '--json', '--max', String(kept + 1), ...at]);
    expect(read.out.trim().split('\n')).toHaveLength(kept + 1);
  });
});
