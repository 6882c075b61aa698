import { describe, expect, it } from 'vitest';
import { errorCode } from '../protocol/error-codes.ts';
import { ReplicaCluster } from './testing/replica-cluster.ts';

const all = [1, 2, 3];

async function clusterWith(topic: string, options: ConstructorParameters<typeof ReplicaCluster>[1] = {}) {
  const cluster = new ReplicaCluster(all, options);
  cluster.createTopic(topic, all);
  await cluster.run(20);
  return cluster;
}

describe('appends', () => {
  it('answers acks=1 at once and acks=all when every in-sync replica has the records', async () => {
    const cluster = await clusterWith('orders');
    expect(cluster.produce(1, 'orders', ['a'], 1).reply).toMatchObject({ errorCode: 0, baseOffset: 0 });
    const produced = cluster.produce(1, 'orders', ['b', 'c']);
    expect(produced.reply).toBeUndefined();
    await cluster.run(10);
    expect(produced.reply).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 1 });
    expect(cluster.offsets(1, 'orders')).toMatchObject({ end: 3, hw: 3 });
    expect(cluster.bytes(2, 'orders')).toEqual(cluster.bytes(1, 'orders'));
    expect(cluster.bytes(3, 'orders')).toEqual(cluster.bytes(1, 'orders'));
  });

  it('commits within one round of fetches: no timer is on the path', async () => {
    const cluster = await clusterWith('orders');
    const produced = cluster.produce(1, 'orders', ['a']);
    // Parked fetch answered: 1 hop. Next fetch, which acknowledges: 1 hop.
    await cluster.run(2);
    expect(produced.reply).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 0 });
  });
});
