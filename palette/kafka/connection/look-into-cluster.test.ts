import { expect, it } from 'vitest';
import { ScriptedCluster } from '../../../engine/kafka/testing/scripted-cluster.ts';
import { ScriptedLogs } from '../../../engine/kafka/testing/scripted-logs.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import { browseTopics, probeCluster } from './look-into-cluster.ts';

/** What a look gives, or why it gives nothing, with the time passing that it needs. */
async function seen<T>(cluster: ScriptedCluster, look: Promise<T>): Promise<T | string> {
  let result: T | string | undefined;
  void look.then(
    (value) => {
      result = value;
    },
    ({ code, message }: { code: string; message: string }) => {
      result = `${code}: ${message}`;
    },
  );
  await cluster.until('the look has ended', () => result !== undefined);
  return result!;
}

it('tells who answered, or that nobody did', async () => {
  const cluster = new ScriptedCluster(2);
  new ScriptedLogs(cluster);
  const addresses = `${cluster.addressOf(1)}, ${cluster.addressOf(2)}`;
  const found = await seen(cluster, probeCluster(cluster.connection()));
  expect(found).toBe(`2 brokers at ${addresses}; controller 1`);
  cluster.down(1);
  cluster.down(2);
  expect(await seen(cluster, probeCluster(cluster.connection()))).toMatch(/^KAFKA_CONNECT_FAILED: .*"test"/);
});

it('lists topics by name, with their partitions, and marks those of the cluster itself', async () => {
  const cluster = new ScriptedCluster(1);
  const logs = new ScriptedLogs(cluster);
  cluster.on(apis.listOffsets, () => ({ topics: [] }));
  cluster.on(apis.describeLogDirs, () => ({ throttleTimeMs: 0, errorCode: 0, results: [] }));
  logs.create('quakes', 3);
  logs.create('__consumer_offsets', 1);
  expect(await seen(cluster, browseTopics(cluster.connection()))).toEqual([
    { name: '__consumer_offsets', note: '1 partition', isInternal: true },
    { name: 'quakes', note: '3 partitions', isInternal: false },
  ]);
});
