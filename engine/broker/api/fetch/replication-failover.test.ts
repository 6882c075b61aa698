import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { defaultLogConfig } from '../../log/log-config.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';

const all = [1, 2, 3];

async function clusterWith(topic: string, options: ConstructorParameters<typeof ReplicaCluster>[1] = {}) {
  const cluster = new ReplicaCluster(all, options);
  cluster.createTopic(topic, all);
  await cluster.run(50);
  return cluster;
}

describe('failover', () => {
  it('keeps an acknowledged record when a follower with an old high watermark restarts and is elected (KIP-101)', async () => {
    const cluster = await clusterWith('orders');
    const produced = cluster.produce(1, 'orders', ['a']);
    await cluster.run(2);
    expect(produced.reply?.errorCode).toBe(errorCode.NONE);
    expect(cluster.offsets(2, 'orders')).toMatchObject({ end: 1, hw: 0 }); // it learns the new one a fetch later
    cluster.node(2).crash();
    cluster.start(2);
    cluster.publish([2]);
    cluster.node(1).crash();
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    await cluster.run(2_000);
    expect(cluster.values(2, 'orders')).toEqual(['a']);
    expect(cluster.offsets(2, 'orders').hw).toBe(1);
  });

  it('makes the old leader drop what the new one never had, and no committed byte', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['committed']);
    await cluster.run(10);
    cluster.isolate(1);
    cluster.produce(1, 'orders', ['lost'], 1);
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    await cluster.run(10);
    cluster.produce(2, 'orders', ['new']);
    cluster.heal();
    await cluster.run(3_000);
    expect(cluster.values(1, 'orders')).toEqual(['committed', 'new']);
    expect(cluster.bytes(1, 'orders')).toEqual(cluster.bytes(2, 'orders'));
    expect(cluster.node(1).replicas.partitionStatus()[0]?.truncationsBelowHighWatermark).toBe(0);
    expect(cluster.controller.partition('orders').isr).toEqual([2, 3, 1]);
  });

  it('makes the old leader drop its own records before the new one has written any', async () => {
    const cluster = await clusterWith('orders');
    cluster.isolate(1);
    cluster.controller.elect('orders', 1);
    cluster.publish([1]);
    cluster.produce(1, 'orders', ['lost'], 1);
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    cluster.heal();
    await cluster.run(3_000);
    expect(cluster.offsets(1, 'orders').end).toBe(0);
    expect(cluster.controller.partition('orders').isr).toEqual([2, 3, 1]);
  });

  it('reconciles over several epochs after a fast double failover (KIP-279)', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['base']);
    await cluster.run(10);
    for (const id of all) cluster.isolate(id);
    cluster.produce(1, 'orders', ['one-a', 'one-b'], 1); // epoch 0, only on 1
    cluster.controller.elect('orders', 2);
    cluster.publish([2]);
    cluster.produce(2, 'orders', ['two'], 1); // epoch 1, only on 2
    cluster.controller.elect('orders', 1);
    cluster.publish([1]);
    cluster.produce(1, 'orders', ['three'], 1); // epoch 2, only on 1
    cluster.controller.elect('orders', 3);
    cluster.publish();
    cluster.produce(3, 'orders', ['four'], 1); // epoch 3, only on 3
    cluster.heal();
    await cluster.run(5_000);
    for (const id of all) expect(cluster.values(id, 'orders')).toEqual(['base', 'four']);
    expect(cluster.offsets(1, 'orders')).toEqual(cluster.offsets(3, 'orders'));
  });

  it('reconciles after consecutive elections without writes (KAFKA-10706)', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['a']);
    await cluster.run(10);
    cluster.isolate(1);
    cluster.controller.elect('orders', 1);
    cluster.publish([1]); // broker 1 notes epoch 1 and never writes in it
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    cluster.heal();
    cluster.produce(2, 'orders', ['b']);
    await cluster.run(3_000);
    expect(cluster.values(1, 'orders')).toEqual(['a', 'b']);
    expect(cluster.offsets(1, 'orders').epoch).toBe(2);
  });

  it('does not take the high watermark of an answer that says the histories diverge (KAFKA-14704)', async () => {
    const cluster = await clusterWith('orders');
    cluster.isolate(1);
    cluster.produce(1, 'orders', ['x', 'y', 'z'], 1);
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish();
    cluster.produce(2, 'orders', ['a', 'b']);
    await cluster.run(10);
    expect(cluster.offsets(2, 'orders').hw).toBe(2);
    cluster.heal();
    let seen = 0;
    for (let ms = 0; ms < 2_000; ms++) {
      await cluster.run(1);
      const { end, hw } = cluster.offsets(1, 'orders');
      expect(hw).toBeLessThanOrEqual(end);
      if (hw > 0) expect(cluster.values(1, 'orders').slice(0, hw)).toEqual(['a', 'b'].slice(0, hw));
      seen = Math.max(seen, hw);
    }
    expect(seen).toBe(2);
  });

  it('starts a follower anew at the leader’s log start when what it needs is deleted (KAFKA-9491)', async () => {
    const cluster = await clusterWith('orders');
    cluster.isolate(3);
    cluster.controller.elect('orders', 1, [1, 2]);
    cluster.publish();
    cluster.produce(1, 'orders', ['a']);
    cluster.produce(1, 'orders', ['b']);
    await cluster.run(1_000);
    cluster.node(1).replicas.hostedPartition('orders', 0)?.deleteRecordsBefore(1);
    cluster.heal();
    await cluster.run(3_000);
    expect(cluster.offsets(3, 'orders')).toMatchObject({ start: 1, end: 2, hw: 2 });
    expect(cluster.values(3, 'orders')).toEqual(['b']);
    expect(cluster.offsets(2, 'orders').start).toBe(1);
  });

  it('drops an answer that was under way when the epoch changed', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['a'], 1);
    await cluster.run(1); // the answers to the parked fetches travel
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.publish([2, 3]);
    await cluster.run(20);
    expect(cluster.values(3, 'orders')).toEqual(cluster.values(2, 'orders'));
    cluster.produce(2, 'orders', ['b']);
    cluster.publish([1]);
    await cluster.run(2_000);
    for (const id of [1, 3]) expect(cluster.bytes(id, 'orders')).toEqual(cluster.bytes(2, 'orders'));
  });

  it('starts from the checkpointed high watermark after a restart in order', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['a', 'b']);
    await cluster.run(1_000);
    await cluster.node(2).replicas.stop();
    cluster.start(2, true);
    cluster.isolate(2);
    cluster.publish([2]);
    expect(cluster.offsets(2, 'orders')).toMatchObject({ end: 2, hw: 2 });
    expect(String(cluster.node(2).disk.readFile('/data/replication-offset-checkpoint'))).toBe('0\n1\norders 0 2\n');
  });

  it('heals a follower that lost everything it had not synced', async () => {
    const cluster = await clusterWith('orders', { minInsync: 2 });
    cluster.produce(1, 'orders', ['a', 'b']);
    await cluster.run(100);
    cluster.node(3).crash('lose');
    cluster.controller.elect('orders', 1, [1, 2]);
    cluster.start(3);
    cluster.publish();
    await cluster.run(3_000);
    expect(cluster.bytes(3, 'orders')).toEqual(cluster.bytes(1, 'orders'));
    expect(cluster.controller.partition('orders').isr).toEqual([1, 2, 3]);
  });

  it('tells when all that earlier leaders acknowledged can be read', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['a']);
    await cluster.run(2);
    cluster.node(1).crash();
    cluster.controller.elect('orders', 2, [2, 3]);
    cluster.cutLinks.add('3-2');
    cluster.publish();
    let isCommitted: boolean | undefined;
    void cluster
      .node(2)
      .replicas.whenElectionCommitted('orders', 0)
      .then((committed) => {
        isCommitted = committed;
      });
    await cluster.run(100);
    expect(isCommitted).toBeUndefined();
    cluster.heal();
    await cluster.run(2_000);
    expect(isCommitted).toBe(true);
  });
});

describe('topics that are deleted and made again', () => {
  it('never serve the old topic’s records (KIP-516)', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['old']);
    await cluster.run(10);
    cluster.controller.createTopic('orders', 'secondAAAAAAAAAAAAAAAA', [[2, 1, 3]]);
    cluster.publish();
    cluster.produce(2, 'orders', ['new']);
    await cluster.run(2_000);
    for (const id of all) expect(cluster.values(id, 'orders')).toEqual(['new']);
    const folders = () =>
      cluster
        .node(1)
        .disk.list('/data')
        .filter((name) => name.startsWith('orders'));
    expect(folders()).toEqual(['orders-0', expect.stringMatching(/^orders-0\.[0-9a-f]{32}-delete$/)]);
    await cluster.run(60_000);
    expect(folders()).toEqual(['orders-0']);
  });

  it('do not come back from the disk of a broker that slept through it', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['old']);
    await cluster.run(10);
    cluster.node(3).crash();
    cluster.controller.createTopic('orders', 'secondAAAAAAAAAAAAAAAA', [all]);
    cluster.publish();
    cluster.start(3);
    cluster.publish([3]);
    cluster.produce(1, 'orders', ['new']);
    await cluster.run(2_000);
    expect(cluster.values(3, 'orders')).toEqual(['new']);
  });

  it('are set aside, not erased, when they were removed while the broker was down', async () => {
    const cluster = await clusterWith('orders');
    cluster.createTopic('payments', all);
    await cluster.run(10);
    for (const topic of ['orders', 'payments']) cluster.produce(1, topic, ['a']);
    await cluster.run(1_000);
    await cluster.node(2).replicas.stop();
    cluster.start(2, true);
    cluster.controller.topics.delete('payments');
    cluster.publish([2]);
    await cluster.run(1);
    expect(
      cluster
        .node(2)
        .disk.list('/data')
        .filter((name) => name.includes('-0')),
    ).toEqual(['orders-0', expect.stringMatching(/^payments-0\.[0-9a-f]{32}-stray$/)]);
    expect(cluster.node(2).replicas.strayCount).toBe(1);
  });

  it('keep their data while a broker that starts replays metadata from before they were made', async () => {
    const cluster = await clusterWith('orders');
    cluster.produce(1, 'orders', ['kept']);
    await cluster.run(10);
    await cluster.node(1).replicas.stop();
    cluster.start(1, true);
    const { replicas } = cluster.node(1);
    const present = {
      topic: 'orders',
      partition: 0,
      config: defaultLogConfig,
      ...cluster.controller.partition('orders'),
    };
    const topicId = cluster.controller.topics.get('orders')?.id ?? '';
    const before = { ...present, topicId: 'beforeAAAAAAAAAAAAAAAA' };
    replicas.applyAssignments([before]);
    replicas.applyAssignments([{ ...before, removed: true }]);
    replicas.applyAssignments([
      { ...present, topicId },
      { ...present, topicId, replicas: [2, 3] },
    ]);
    replicas.applyAssignments([{ ...present, topicId }]);
    replicas.setStraysAside((id) => id === topicId);
    expect(cluster.values(1, 'orders')).toEqual(['kept']);
  });
});
