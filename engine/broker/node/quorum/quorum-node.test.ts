import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../../base/errors.ts';
import { apis } from '../../../protocol/api-keys.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { QuorumCluster } from './testing/quorum-cluster.ts';

async function started(seed: number, size = 3, settings = {}): Promise<QuorumCluster> {
  const cluster = new QuorumCluster(seed, size, settings).start();
  const isUp = () =>
    cluster.running.every(
      (node) => [...node.image.brokers.values()].filter((broker) => !broker.fenced).length === size,
    );
  await cluster.until('all brokers unfenced everywhere', 1_000, isUp);
  return cluster;
}

function partitionOf(cluster: QuorumCluster, id: number, topic: string) {
  return cluster.node(id).image.topics.get(topic)?.partitions[0];
}

it('does not claim an end in order when its log cannot be synced, also when a later sync works', async () => {
  const cluster = await started(1);
  const controller = cluster.controller!.nodeId;
  const { disk, node } = cluster.machine((controller % 3) + 1);
  let isSyncing = false;
  disk.scheduleSync = (done) => {
    isSyncing = true;
    cluster.clock.after(50, done);
  };
  const created = cluster.createTopic(controller, 't');
  await cluster.until('records that are not durable yet', 1_000, () => isSyncing);
  let failures = 1;
  disk.beforeWrite = (kind, path) => {
    if (kind === 'sync' && failures-- > 0) throw new MillraceError('DISK_SYNC_FAILED', path);
  };
  const stopped = node!.stop().catch((error: unknown) => error);
  expect(await cluster.finish(stopped)).toMatchObject({ code: 'DISK_SYNC_FAILED' });
  expect(failures).toBe(0);
  await cluster.finish(created);
});

describe('three quorum nodes', () => {
  it('have all brokers in service 300 ms after a cold start', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const cluster = await started(seed);
      expect(cluster.clock.monotonic(), `seed ${seed}`).toBeLessThan(300);
    }
  });

  it('create a topic through any of them, and all see it with the same id', async () => {
    const cluster = await started(1);
    for (const via of [1, 2, 3]) expect(await cluster.createTopic(via, `topic-${via}`, 3)).toBe(errorCode.NONE);
    await cluster.advance(50);
    const ids = cluster.running.map((node) => [...node.image.topics.values()].map((topic) => topic.id).join());
    expect(new Set(ids).size).toBe(1);
    expect(cluster.node(1).image.topics.get('topic-2')?.partitions).toHaveLength(3);
    expect(await cluster.createTopic(3, 'topic-1')).toBe(errorCode.TOPIC_ALREADY_EXISTS);
  });

  it('replace a crashed controller within 4 s, move its leaderships, and keep what was acknowledged', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const cluster = await started(seed);
      const first = cluster.controller!.nodeId;
      const via = (first % 3) + 1;
      const acknowledged: string[] = [];
      for (let index = 0; index < 6; index++) {
        expect(await cluster.createTopic(via, `t${index}`)).toBe(errorCode.NONE);
        acknowledged.push(`t${index}`);
      }
      cluster.crash(first);
      await cluster.until('another controller', 4_000, () => cluster.controller !== undefined);
      expect(await cluster.createTopic(via, 'after', 1, 2)).toBe(errorCode.NONE);
      await cluster.until(
        'the crashed one fenced',
        4_000,
        () => cluster.node(via).image.brokers.get(first)?.fenced === true,
      );
      for (const name of acknowledged) {
        const partition = partitionOf(cluster, via, name);
        expect(partition?.isr, `seed ${seed}`).not.toContain(first);
        expect(partition?.isr, `seed ${seed}`).toContain(partition?.leader);
      }
      cluster.start(first);
      await cluster.until(
        'the crashed one back in service',
        4_000,
        () => cluster.controller?.image.brokers.get(first)?.fenced === false,
      );
      await cluster.advance(100);
      expect([...cluster.node(first).image.topics.keys()].sort()).toEqual([...acknowledged, 'after'].sort());
    }
  });

  it('fence a broker that is cut off, and take it back', async () => {
    const cluster = await started(4);
    const controller = cluster.controller!.nodeId;
    const other = (controller % 3) + 1;
    expect(await cluster.createTopic(controller, 't')).toBe(errorCode.NONE);
    cluster.isolate(other);
    await cluster.until(
      'the broker fenced',
      4_000,
      () => cluster.node(controller).image.brokers.get(other)?.fenced === true,
    );
    expect(cluster.controller?.nodeId).toBe(controller);
    expect(partitionOf(cluster, controller, 't')?.isr).not.toContain(other);
    cluster.cut.clear();
    await cluster.until(
      'the broker unfenced',
      4_000,
      () => cluster.node(other).image.brokers.get(other)?.fenced === false,
    );
    expect(cluster.node(other).image.brokers.get(controller)?.fenced).toBe(false);
  });

  it('let a cut-off controller acknowledge nothing, and discard what it had planned', async () => {
    const cluster = await started(5);
    const old = cluster.controller!.nodeId;
    cluster.isolate(old);
    const lost = cluster.node(old).gateway.submit(
      apis.createTopics,
      {
        topics: [{ name: 'lost', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
        timeoutMs: 1,
      },
      { timeoutMs: 2_000 },
    );
    await expect(cluster.finish(lost)).rejects.toMatchObject({ code: 'CONTROLLER_UNREACHABLE' });
    await cluster.until('a new controller', 6_000, () =>
      cluster.running.some((node) => node.isActiveController && node.nodeId !== old),
    );
    cluster.cut.clear();
    await cluster.advance(3_000);
    for (const node of cluster.running) expect(node.image.topics.has('lost')).toBe(false);
    expect(cluster.running.filter((node) => node.isActiveController)).toHaveLength(1);
  });

  it('take a request on to the next controller when the one that has it falls silent', async () => {
    const cluster = await started(12);
    const old = cluster.controller!.nodeId;
    const via = (old % 3) + 1;
    cluster.isolate(old);
    const beganMs = cluster.clock.monotonic();
    expect(await cluster.createTopic(via, 't', 1, 2)).toBe(errorCode.NONE);
    expect(cluster.clock.monotonic() - beganMs).toBeLessThan(5_000);
  });

  it('hand the lead over on a stop, faster than by a timeout', async () => {
    const cluster = await started(6);
    const old = cluster.controller!.nodeId;
    const stopped = cluster.node(old).stop();
    cluster.machine(old).node = undefined;
    await cluster.until('another controller', 500, () => cluster.controller !== undefined);
    await stopped;
  });

  it('come back with everything after all have lost power at once', async () => {
    const cluster = await started(7);
    for (let index = 0; index < 5; index++) await cluster.createTopic(1, `t${index}`);
    for (const id of [1, 2, 3]) cluster.crash(id);
    await cluster.advance(1_000);
    cluster.start();
    await cluster.until('all topics with a leader again', 5_000, () =>
      cluster.running.every(
        ({ image }) =>
          image.topics.size === 5 &&
          [...image.topics.values()].every(({ partitions }) => partitions.every(({ leader }) => leader > 0)),
      ),
    );
  });

  it('bring a member that fell behind up to date by a snapshot', async () => {
    const cluster = await started(8, 3, { snapshotAfterBytes: 2_000, fetchBytesMax: 700, segmentBytes: 8_000 });
    const behind = (cluster.controller!.nodeId % 3) + 1;
    const via = cluster.controller!.nodeId;
    cluster.crash(behind);
    for (let index = 0; index < 40; index++)
      expect(await cluster.createTopic(via, `t${index}`, 4, 2)).toBe(errorCode.NONE);
    expect(cluster.controller!.raftState!.log.startOffset).toBeGreaterThan(0);
    cluster.start(behind);
    await cluster.until('the snapshot loaded', 5_000, () => cluster.node(behind).image.topics.size === 40);
    await cluster.advance(1_000);
    expect([...cluster.node(behind).image.topics]).toEqual([...cluster.node(via).image.topics]);
    cluster.crash(via);
    cluster.start(via);
    await cluster.until('the restarted one loaded', 5_000, () => cluster.node(via).image.topics.size === 40);
  });
});

describe('a single node', () => {
  it('is its own controller at once, and again after a crash', async () => {
    const cluster = await started(9, 1);
    expect(await cluster.createTopic(1, 't', 1, 1)).toBe(errorCode.NONE);
    cluster.crash(1);
    cluster.start(1);
    await cluster.until('the topic with a leader', 1_000, () => partitionOf(cluster, 1, 't')?.leader === 1);
  });
});

describe('how long a node has heard nothing of the quorum', () => {
  it('stays within a fetch while all hear each other, and grows on a node that is cut off', async () => {
    const cluster = await started(5);
    const longest = () => Math.max(...cluster.running.map(({ silentMs }) => silentMs));
    await cluster.advance(5_000);
    expect(longest()).toBeLessThan(1_100);
    const leader = cluster.controller!;
    const follower = cluster.running.find((node) => node !== leader)!;
    cluster.isolate(follower.nodeId);
    await cluster.advance(4_000);
    expect(follower.silentMs).toBeGreaterThan(3_900);
    expect(leader.silentMs).toBeLessThan(1_100);
    cluster.isolate(leader.nodeId);
    await cluster.advance(6_000);
    expect(leader.silentMs).toBeGreaterThan(5_900);
  });

  it('is nothing where there is no other', async () => {
    const cluster = await started(6, 1);
    await cluster.advance(60_000);
    expect(cluster.node(1).silentMs).toBe(0);
  });
});
