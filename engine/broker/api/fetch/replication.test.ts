import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { batchOf, ReplicaCluster } from '../testing/replica-cluster.ts';

const all = [1, 2, 3];

async function clusterWith(topic: string, options: ConstructorParameters<typeof ReplicaCluster>[1] = {}) {
  const cluster = new ReplicaCluster(all, options);
  cluster.createTopic(topic, all);
  await cluster.run(50);
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
    await cluster.run(2); // the parked fetch is answered: one hop; the next one acknowledges: another
    expect(produced.reply).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 0 });
  });

  it('lets pipelined appends of one turn share one fetch of each follower', async () => {
    const cluster = await clusterWith('orders');
    const before = cluster.fetches.length;
    const produced = Array.from({ length: 20 }, (_, index) => cluster.produce(1, 'orders', [`v${index}`]));
    await cluster.run(3);
    expect(produced.map(({ reply }) => reply?.baseOffset)).toEqual(produced.map((_, index) => index));
    expect(cluster.fetches.length - before).toBe(2);
  });

  it('refuses acks=all before the append when too few replicas are in sync, and takes acks=1', async () => {
    const cluster = await clusterWith('orders', { minInsync: 2 });
    cluster.controller.elect('orders', 1, [1]);
    cluster.isolate(1);
    cluster.publish();
    await cluster.run(5);
    expect(cluster.produce(1, 'orders', ['a']).reply?.errorCode).toBe(errorCode.NOT_ENOUGH_REPLICAS);
    expect(cluster.offsets(1, 'orders').end).toBe(0);
    expect(cluster.produce(1, 'orders', ['a'], 1).reply?.errorCode).toBe(errorCode.NONE);
  });

  it('times out when followers do not answer, and says so when the in-sync set fell below the minimum', async () => {
    const cluster = await clusterWith('orders', { minInsync: 2 });
    cluster.isolate(1);
    const early = cluster.produce(1, 'orders', ['a'], -1, 1_000);
    await cluster.run(1_000);
    expect(early.reply?.errorCode).toBe(errorCode.REQUEST_TIMED_OUT);
    const late = cluster.produce(1, 'orders', ['b'], -1, 2_000);
    Object.assign(cluster.controller.partition('orders'), { isr: [1], partitionEpoch: 1 });
    cluster.publish();
    await cluster.run(2_000);
    expect(late.reply?.errorCode).toBe(errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
  });

  it('fails waiting appends when the leadership moves', async () => {
    const cluster = await clusterWith('orders');
    cluster.isolate(1);
    const produced = cluster.produce(1, 'orders', ['a']);
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    await cluster.run(1);
    expect(produced.reply).toMatchObject({
      errorCode: errorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 1 },
    });
    expect(cluster.produce(1, 'orders', ['b'], 1).reply?.errorCode).toBe(errorCode.NOT_LEADER_OR_FOLLOWER);
  });

  it('answers a repeated batch with its first offset, on the next leader too, once that is committed', async () => {
    const cluster = await clusterWith('orders');
    const batch = () => batchOf(['a', 'b'], cluster.clock.now(), { id: 7, sequence: 0 });
    cluster.produce(1, 'orders', ['first'], 1);
    const first = cluster.node(1).replicas.append('orders', 0, batch(), -1);
    await cluster.run(5);
    expect(await first).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 1 });
    const again = await cluster.node(1).replicas.append('orders', 0, batch(), -1);
    expect(again).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 1 });
    cluster.controller.elect('orders', 3);
    cluster.publish();
    const onNext = cluster.node(3).replicas.append('orders', 0, batch(), -1);
    await cluster.run(50);
    expect(await onNext).toMatchObject({ errorCode: errorCode.NONE, baseOffset: 1 });
    expect(cluster.offsets(3, 'orders').end).toBe(3);
  });
});

describe('new partitions', () => {
  it('are fetched at once though the loop from their leader is in a long poll', async () => {
    const cluster = await clusterWith('orders');
    await cluster.run(100); // both followers wait in a long poll of 500 ms
    cluster.createTopic('payments', all);
    const produced = cluster.produce(1, 'payments', ['a']);
    await cluster.run(20);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
  });

  it('are fetched soon although the leader learns of them later than its followers', async () => {
    const cluster = await clusterWith('orders');
    cluster.controller.createTopic('payments', 'paymentsAAAAAAAAAAAAAA', [all]);
    cluster.publish([2, 3]);
    await cluster.run(30);
    cluster.publish([1]);
    const produced = cluster.produce(1, 'payments', ['a']);
    await cluster.run(60);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
  });
});
