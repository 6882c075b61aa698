import { afterEach, describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

let cluster: MemoryCluster;

afterEach(async () => {
  for (const id of [...cluster.brokers.keys()]) cluster.crash(id);
});

async function started(ids: readonly number[], settings: Readonly<Record<string, string>> = {}): Promise<void> {
  cluster = new MemoryCluster(ids, 3, settings);
  for (const id of ids) cluster.start(id);
  await ready(ids);
}

async function ready(ids: readonly number[]): Promise<void> {
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
}

async function quorum(askedOf: number) {
  const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  const reply = await cluster.request(askedOf, apis.describeQuorum, { topics });
  const partition = reply.topics[0]?.partitions[0];
  const voters = partition?.currentVoters ?? [];
  return {
    voters: voters.map(({ replicaId }) => replicaId).sort(),
    directories: new Map(voters.map(({ replicaId, replicaDirectoryId }) => [replicaId, replicaDirectoryId])),
    observers: (partition?.observers ?? []).map(({ replicaId }) => replicaId),
    leader: partition?.leaderId ?? -1,
    nodes: reply.nodes.map(({ nodeId, listeners }) => [nodeId, listeners[0]?.name]),
  };
}

/** Asks until the answer is as wanted. */
async function untilQuorum(askedOf: number, isWanted: (found: Awaited<ReturnType<typeof quorum>>) => boolean) {
  let found = await quorum(askedOf);
  for (let tries = 0; !isWanted(found); tries++) {
    if (tries > 1_000)
      throw new Error(
        `expected another quorum than ${JSON.stringify({ ...found, directories: [...found.directories] })}`,
      );
    const { clock } = cluster;
    const nextMs = clock.monotonic() + 10;
    await cluster.until(() => clock.monotonic() >= nextMs);
    found = await quorum(askedOf);
  }
}

function untilVoters(askedOf: number, voters: readonly number[]): Promise<void> {
  return untilQuorum(askedOf, (found) => found.voters.join() === voters.join());
}

async function remove(askedOf: number, voterId: number): Promise<number> {
  const { directories } = await quorum(askedOf);
  const voterDirectoryId = directories.get(voterId) ?? 'AAAAAAAAAAAAAAAAAAAAAA';
  const request = { clusterId: null, voterId, voterDirectoryId };
  return (await cluster.request(askedOf, apis.removeRaftVoter, request)).errorCode;
}

describe('voters of a new cluster', () => {
  it('are in its metadata with their disks, and raft is of version 1', async () => {
    await started([1, 2, 3]);
    await untilQuorum(1, ({ directories }) => [...directories.values()].every((id) => id !== 'AAAAAAAAAAAAAAAAAAAAAA'));
    const { nodes } = await quorum(2);
    expect(nodes).toEqual([
      [1, 'CONTROLLER'],
      [2, 'CONTROLLER'],
      [3, 'CONTROLLER'],
    ]);
    const versions = await cluster.request(1, apis.apiVersions, {
      clientSoftwareName: 'test',
      clientSoftwareVersion: '1',
    });
    expect(versions.finalizedFeatures).toContainEqual({
      name: 'kraft.version',
      minVersionLevel: 1,
      maxVersionLevel: 1,
    });
  });
});

describe('a broker that joins a running cluster', () => {
  it('serves, becomes a voter, and stays one over restarts of all and a snapshot', async () => {
    await started([1, 2, 3], { 'metadata.log.max.record.bytes.between.snapshots': '2000' });
    cluster.start(4);
    await ready([4]);
    await untilVoters(4, [1, 2, 3, 4]);
    for (let index = 0; index < 20; index++) {
      const created = { name: `t${index}`, numPartitions: 3, replicationFactor: 3, assignments: [], configs: [] };
      await cluster.request(4, apis.createTopics, { topics: [created], timeoutMs: 5_000 });
    }
    for (const id of [1, 2, 3, 4]) cluster.crash(id);
    for (const id of [1, 2, 3, 4]) cluster.start(id);
    await ready([1, 2, 3, 4]);
    expect((await quorum(1)).voters).toEqual([1, 2, 3, 4]);
  });

  it('stays out once it was taken out of the voters again', async () => {
    await started([1, 2, 3]);
    cluster.start(4);
    await ready([4]);
    await untilVoters(4, [1, 2, 3, 4]);
    expect(await remove(1, 4)).toBe(errorCode.NONE);
    const laterMs = cluster.clock.monotonic() + 30_000;
    await cluster.until(() => cluster.clock.monotonic() >= laterMs);
    expect((await quorum(1)).voters).toEqual([1, 2, 3]);
  });

  it('takes the place of one that goes for good', async () => {
    await started([1, 2, 3]);
    await untilQuorum(1, ({ leader }) => leader !== -1);
    const { leader } = await quorum(1);
    cluster.start(4);
    await ready([4]);
    await untilVoters(4, [1, 2, 3, 4]);
    expect(await remove(4, leader)).toBe(errorCode.NONE);
    const left = [1, 2, 3, 4].filter((id) => id !== leader);
    await untilVoters(4, left);
    await cluster.stop(leader);
    const gone = await cluster.request(4, apis.unregisterBroker, { brokerId: leader });
    expect(gone.errorCode).toBe(errorCode.NONE);
    await cluster.until(() => cluster.brokers.get(4)?.unreadyReason() === undefined);
    const { brokers } = await cluster.request(4, apis.describeCluster, {
      endpointType: 1,
      includeFencedBrokers: true,
      includeClusterAuthorizedOperations: false,
    });
    expect(brokers.map(({ brokerId }) => brokerId).sort()).toEqual(left);
  });
});

describe('changes of voters', () => {
  it('are refused where they make no sense', async () => {
    await started([1, 2, 3]);
    expect(await remove(1, 9)).toBe(errorCode.VOTER_NOT_FOUND);
    const voter = { clusterId: null, timeoutMs: 1_000, voterDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAQ' };
    const listeners = [{ name: 'CONTROLLER', host: 'memory', port: 9_001 }];
    const twice = await cluster.request(1, apis.addRaftVoter, { ...voter, voterId: 1, listeners });
    expect(twice.errorCode).toBe(errorCode.DUPLICATE_VOTER);
    const unheard = await cluster.request(1, apis.addRaftVoter, { ...voter, voterId: 8, listeners });
    expect(unheard.errorCode).toBe(errorCode.REQUEST_TIMED_OUT);
    const nowhere = await cluster.request(1, apis.addRaftVoter, { ...voter, voterId: 8, listeners: [] });
    expect(nowhere.errorCode).toBe(errorCode.INVALID_REQUEST);
    const elsewhere = { ...voter, clusterId: 'another', voterId: 8, listeners };
    expect((await cluster.request(1, apis.addRaftVoter, elsewhere)).errorCode).toBe(errorCode.INCONSISTENT_CLUSTER_ID);
  });
});
