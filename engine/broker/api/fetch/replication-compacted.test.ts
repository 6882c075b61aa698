import { expect, it } from 'vitest';
import { batchesOf, decodeRecords, encodeBatch } from '../../../records/record-batch.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';

const keys = 5;

function write(cluster: ReplicaCluster, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    const records = [{ key: Buffer.from(`k${index % keys}`), value: Buffer.from(`v${index}`) }];
    const batch = encodeBatch({ records, baseTimestamp: cluster.clock.now() });
    void cluster.node(1).replicas.append('table', 0, batch, 1);
  }
}

/** Offset and value of each record of a replica, by key. */
function recordsOf(cluster: ReplicaCluster, id: number): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const batch of batchesOf(cluster.bytes(id, 'table')))
    for (const { offset, key, value } of decodeRecords(batch))
      found.set(String(key), [...(found.get(String(key)) ?? []), `${offset}:${value}`]);
  return found;
}

it('a replica that was away follows a leader that compacted meanwhile, and compacts by itself', async () => {
  const cluster = new ReplicaCluster([1, 2, 3]);
  cluster.config = { isCompacted: true, isDeleted: false, segmentBytes: 1_000, minCleanableDirtyRatio: 0 };
  cluster.createTopic('table', [1, 2, 3]);
  write(cluster, 0, 10);
  await cluster.run(1_000);
  cluster.node(3).crash();
  write(cluster, 10, 200);
  // Longer than the lag time and the rest of the cleaner.
  await cluster.run(80_000);
  const leader = recordsOf(cluster, 1);
  expect([...leader.values()].flat().length).toBeLessThan(60);
  cluster.start(3);
  cluster.publish([3]);
  write(cluster, 200, 203);
  await cluster.run(10_000);
  expect(cluster.offsets(3, 'table')).toEqual(cluster.offsets(1, 'table'));
  await cluster.run(40_000);
  for (const id of [1, 2, 3]) {
    const records = recordsOf(cluster, id);
    for (let key = 0; key < keys; key++) {
      const last = 198 + ((((key - 198) % keys) + keys) % keys);
      expect(records.get(`k${key}`)?.at(-1)).toBe(`${last}:v${last}`);
    }
  }
});
