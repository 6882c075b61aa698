import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { fetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { fetchHandler } from '../handlers/01-fetch.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';

const all = [1, 2, 3];

async function clusterWith(topic: string, options: ConstructorParameters<typeof ReplicaCluster>[1] = {}) {
  const cluster = new ReplicaCluster(all, options);
  cluster.createTopic(topic, all);
  await cluster.run(50);
  return cluster;
}

describe('in-sync set', () => {
  it('loses a follower that lags for replica.lag.time.max.ms, and takes it back when it has caught up', async () => {
    const cluster = await clusterWith('orders', { minInsync: 2 });
    cluster.isolate(3);
    const produced = cluster.produce(1, 'orders', ['a'], -1, 120_000);
    await cluster.run(20_000);
    expect(produced.reply).toBeUndefined();
    await cluster.run(30_000);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2]);
    cluster.heal();
    await cluster.run(2_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
    expect(cluster.bytes(3, 'orders')).toEqual(cluster.bytes(1, 'orders'));
  });

  it('does not count a follower out that keeps reaching the previous end under steady load', async () => {
    const cluster = await clusterWith('orders');
    for (let round = 0; round < 100; round++) {
      cluster.produce(1, 'orders', [`v${round}`]);
      await cluster.run(1_000);
    }
    expect(cluster.controller.requests).toHaveLength(0);
  });

  it('keeps the promise to the committed and the pending set while the controller is silent', async () => {
    const cluster = await clusterWith('orders');
    cluster.isolate(3);
    cluster.cutFromController.add(1);
    const produced = cluster.produce(1, 'orders', ['a'], -1, 120_000);
    await cluster.run(60_000); // the shrink to [1, 2] is asked for, and not answered
    expect(produced.reply).toBeUndefined();
    expect(cluster.offsets(1, 'orders').hw).toBe(0);
    cluster.cutFromController.delete(1);
    await cluster.run(3_000);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
  });

  it('does not take a rebooted follower back under its old broker epoch', async () => {
    const cluster = await clusterWith('orders');
    cluster.controller.elect('orders', 1, [1, 2]);
    const registered = cluster.controller.brokers.get(3);
    if (registered) registered.epoch += 1; // broker 3 rebooted; its old incarnation still fetches
    cluster.publish();
    await cluster.run(2_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2]);
    if (registered) cluster.node(3).brokerEpoch = registered.epoch;
    await cluster.run(2_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
  });

  it('does not count a late fetch from before a follower rebooted', async () => {
    const cluster = await clusterWith('orders');
    const leader = cluster.node(1);
    const fetchAs = async (replicaEpoch: number) => {
      const partition = { partition: 0, fetchOffset: 0, currentLeaderEpoch: 0, partitionMaxBytes: 1_000 };
      const topics = [{ topicId: cluster.controller.topics.get('orders')?.id ?? '', partitions: [partition] }];
      const request = {
        maxWaitMs: 0,
        minBytes: 0,
        topics,
        forgottenTopicsData: [],
        replicaState: { replicaId: 2, replicaEpoch },
      };
      const schemas = { request: fetchRequest, response: fetchResponse };
      const response = await leader.request(fetchHandler, schemas, request, leader.context(1, 18, 9));
      return response?.responses[0]?.partitions[0]?.errorCode;
    };
    expect(await fetchAs(cluster.node(2).brokerEpoch)).toBe(errorCode.NONE);
    expect(await fetchAs(cluster.node(2).brokerEpoch - 1)).toBe(errorCode.NOT_LEADER_OR_FOLLOWER);
  });

  it('gives up a set that the controller finds ineligible and proposes it again later', async () => {
    const cluster = await clusterWith('orders');
    cluster.controller.elect('orders', 1, [1, 2]);
    const three = cluster.controller.brokers.get(3);
    cluster.publish();
    await cluster.run(1); // the proposal is under way when broker 3 is fenced
    if (three) three.isEligible = false;
    await cluster.run(3_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2]);
    if (three) three.isEligible = true;
    await cluster.run(2_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
  });

  it('waits for newer metadata when its partition epoch is out of date', async () => {
    const cluster = await clusterWith('orders');
    cluster.controller.elect('orders', 1, [1, 2]);
    cluster.publish();
    cluster.controller.partition('orders').partitionEpoch++; // a change that the leader has not heard of
    await cluster.run(3_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2]);
    cluster.publish();
    await cluster.run(2_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
  });

  it('does not hold the high watermark up for a replica that is shutting down (KAFKA-15021)', async () => {
    const cluster = await clusterWith('orders');
    const three = cluster.controller.brokers.get(3);
    cluster.isolate(3);
    if (three) three.isEligible = false;
    cluster.controller.elect('orders', 1, [1, 2]);
    cluster.publish();
    const produced = cluster.produce(1, 'orders', ['a']);
    await cluster.run(20);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
  });

  it('keeps the high watermark below min.insync.replicas until a second replica has the records (KIP-966)', async () => {
    const cluster = await clusterWith('orders', { minInsync: 2 });
    cluster.isolate(1);
    cluster.controller.elect('orders', 1, [1]);
    cluster.publish();
    cluster.produce(1, 'orders', ['a'], 1);
    await cluster.run(1_000);
    expect(cluster.offsets(1, 'orders')).toMatchObject({ end: 1, hw: 0 });
    cluster.heal();
    await cluster.run(3_000);
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
    expect(cluster.offsets(1, 'orders')).toMatchObject({ end: 1, hw: 1 });
  });
});
