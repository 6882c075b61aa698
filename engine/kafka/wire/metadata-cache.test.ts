import { describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';
import { ClusterClient } from './cluster-client.ts';

async function ground(brokers = 3) {
  const cluster = new ScriptedCluster(brokers);
  const logs = new ScriptedLogs(cluster);
  logs.create('t', 3);
  const client = new ClusterClient(cluster.connection());
  await Promise.all([client.metadata.require(['t']), cluster.run(100)]);
  return { cluster, logs, client };
}

const leaders = (client: ClusterClient, topic = 't') =>
  client.metadata.topic(topic)?.partitions.map(({ leader }) => leader);

describe('metadata', () => {
  it('gives a topic its own error beside the views of the others', async () => {
    const { cluster, client } = await ground();
    const [found] = await Promise.all([client.metadata.require(['t', 'missing']), cluster.run(100)]);
    expect(found.get('t')).toMatchObject({ name: 't' });
    expect(found.get('missing')).toMatchObject({ code: 'KAFKA_UNKNOWN_TOPIC', retriable: false });
  });

  it('asks once for all who want to know at the same time', async () => {
    const { cluster, client } = await ground();
    const before = cluster.requests(apis.metadata).length;
    const asked = Array.from({ length: 20 }, () => client.metadata.require(['t'], { fresh: true }));
    await Promise.all([...asked, cluster.run(100)]);
    expect(cluster.requests(apis.metadata).length - before).toBeLessThanOrEqual(2);
  });

  it('finds a moved leader of its own accord once it is stale, with growing pauses and no storm', async () => {
    const { cluster, logs, client } = await ground();
    const before = cluster.requests(apis.metadata).length;
    for (let passed = 0; passed < 30_000; passed += 50) {
      client.metadata.stale('a request failed');
      await cluster.run(50);
    }
    // About 4 a second for 3 s, then one.
    expect(cluster.requests(apis.metadata).length - before).toBeLessThan(50);
    logs.move('t', 0, 3);
    client.metadata.stale('a request failed');
    await cluster.run(1_500);
    expect(leaders(client)).toEqual([3, 2, 3]);
  });

  it('is asked of another broker at once when the one that was asked dies', async () => {
    const { cluster, logs, client } = await ground();
    const used = cluster.requests(apis.metadata).at(-1)!.broker;
    cluster.down(used);
    logs.move('t', 0, 2);
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(200)]);
    expect(leaders(client)![0]).toBe(2);
  });

  it('is asked of another broker when the one that was asked is frozen', async () => {
    const { cluster, client } = await ground();
    const used = cluster.requests(apis.metadata).at(-1)!.broker;
    cluster.on(apis.metadata, ({ broker }) => (broker === used ? 'silence' : undefined));
    let isThere = false;
    void client.metadata.require(['t'], { fresh: true }).then(() => {
      isThere = true;
    });
    await cluster.run(1_500);
    expect(isThere).toBe(true);
  });

  it('is asked of another broker while one that was cut off from the others tells what it knew', async () => {
    const { cluster, logs, client } = await ground();
    const cutOff = cluster.requests(apis.metadata).at(-1)!.broker;
    const old = structuredClone(logs.topics);
    logs.move('t', 0, 3);
    cluster.on(apis.metadata, ({ broker }) => {
      if (broker !== cutOff) return undefined;
      const partitions = old.get('t')!.partitions.map(({ leader }, partitionIndex) => ({
        errorCode: 0,
        partitionIndex,
        leaderId: leader,
        leaderEpoch: 0,
        replicaNodes: [1, 2, 3],
        isrNodes: [1, 2, 3],
        offlineReplicas: [],
      }));
      const brokers = [1, 2, 3].map((id) => ({ nodeId: id, host: `broker-${id}`, port: cluster.portOf(id) }));
      const topics = [{ errorCode: 0, name: 't', topicId: old.get('t')!.id, partitions }];
      return { throttleTimeMs: 0, brokers, clusterId: 'scripted', controllerId: 1, errorCode: 0, topics };
    });
    client.metadata.stale('a request failed');
    await cluster.run(100);
    client.metadata.stale('a request failed');
    await cluster.run(400);
    expect(leaders(client)![0]).toBe(3);
  });

  it('does not go back to an older leader that a lagging broker still names', async () => {
    const { cluster, logs, client } = await ground();
    logs.move('t', 0, 2);
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(100)]);
    const { partitions } = logs.topics.get('t')!;
    Object.assign(partitions[0]!, { leader: 1, leaderEpoch: 0 });
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(100)]);
    expect(leaders(client)![0]).toBe(2);
  });

  it('takes a topic that was made anew as it is, whatever its epochs', async () => {
    const { cluster, logs, client } = await ground();
    logs.move('t', 0, 2);
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(100)]);
    logs.create('t', 1);
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(100)]);
    expect(leaders(client)).toEqual([1]);
  });

  it('gets over dead bootstrap addresses, and back to them when every known broker is gone', async () => {
    const cluster = new ScriptedCluster(2);
    new ScriptedLogs(cluster).create('t');
    cluster.down(2);
    const bootstrapServers = `broker-8:9009,${cluster.addressOf(2)},${cluster.addressOf(1)}`;
    const client = new ClusterClient(cluster.connection({ bootstrapServers }));
    await Promise.all([client.metadata.require(['t']), cluster.run(1_000)]);
    expect(leaders(client)).toEqual([1]);
    // The brokers say that they listen where nobody does; only the bootstrap address is right.
    cluster.on(apis.metadata, () => ({
      brokers: [{ nodeId: 1, host: 'broker-7', port: 9_008 }],
      topics: [],
      controllerId: 1,
      clusterId: 'c',
      errorCode: 0,
      throttleTimeMs: 0,
    }));
    await Promise.all([client.metadata.require([], { fresh: true }), cluster.run(1_000)]);
    cluster.drop(1);
    const again = client.metadata.require([], { fresh: true });
    await cluster.run(5_000);
    await again;
    expect(client.metadata.brokers.size).toBe(1);
  });

  it('begins anew from the bootstrap addresses when the cluster asks for it', async () => {
    const { cluster, client } = await ground();
    let isAsked = false;
    cluster.on(apis.metadata, () => {
      if (isAsked) return undefined;
      isAsked = true;
      return { brokers: [], topics: [], controllerId: -1, clusterId: null, errorCode: 129, throttleTimeMs: 0 };
    });
    const first = client.metadata.require(['t'], { fresh: true }).catch((error) => error.code);
    await cluster.run(100);
    expect(await first).toBe('KAFKA_REBOOTSTRAP_REQUIRED');
    await Promise.all([client.metadata.require(['t'], { fresh: true }), cluster.run(1_000)]);
    expect(leaders(client)).toEqual([1, 2, 3]);
  });
});
