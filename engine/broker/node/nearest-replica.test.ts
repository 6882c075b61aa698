import { afterEach, describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { batchesOf, decodeRecords, encodeBatch } from '../../records/record-batch.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const ids = [1, 2, 3];
const selector = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' };
let cluster: MemoryCluster;
let topicId = '';

async function started(settings: Readonly<Record<string, string>>): Promise<void> {
  cluster = new MemoryCluster(ids, 11, settings);
  cluster.racks = { 1: 'a', 2: 'b', 3: 'b' };
  for (const id of ids) cluster.start(id);
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
  const created = [{ name: 't', numPartitions: -1, replicationFactor: -1, assignments, configs: [] }];
  const { topics } = await cluster.request(1, apis.createTopics, { topics: created, timeoutMs: 5_000 });
  topicId = topics[0]!.topicId;
}

afterEach(() => {
  for (const id of [...cluster.brokers.keys()]) cluster.crash(id);
});

async function produce(value: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const records = encodeBatch({ records: [{ key: null, value: Buffer.from(value) }], baseTimestamp: 1 });
    const topicData = [{ topicId, partitionData: [{ index: 0, records }] }];
    const body = { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData };
    const { responses } = await cluster.request(1, apis.produce, body as never);
    if (responses[0]?.partitionResponses[0]?.errorCode === 0) return;
  }
  throw new Error('expected the record to be acknowledged');
}

async function fetch(
  askedOf: number,
  options: { rackId?: string; version?: number; maxWaitMs?: number; from?: number },
) {
  const { rackId = '', version = 18, maxWaitMs = 0, from = 0 } = options;
  const partitions = [{ partition: 0, fetchOffset: from, partitionMaxBytes: 1_000_000 }];
  const body = { maxWaitMs, minBytes: maxWaitMs ? 1 : 0, rackId, topics: [{ topicId, topic: 't', partitions }] };
  const { responses } = await cluster.request(askedOf, apis.fetch, body as never, version);
  const row = responses[0]!.partitions[0]!;
  const values = [...batchesOf(row.records ?? Buffer.alloc(0))].flatMap((batch) =>
    decodeRecords(batch).map(({ value }) => value?.toString()),
  );
  return { values, preferred: row.preferredReadReplica, code: row.errorCode };
}

describe('a consumer with a rack', () => {
  it('is sent to the in-sync replica there, and reads from it (KIP-392)', async () => {
    await started(selector);
    await produce('one');
    expect(await fetch(1, { rackId: 'b' })).toEqual({ values: [], preferred: 2, code: 0 });
    await produce('two');
    const { values, code } = await fetch(2, { rackId: 'b' });
    expect([code, values.includes('one')]).toEqual([0, true]);
  });

  it('reads from the leader where that is as near, or nothing is in its rack', async () => {
    await started(selector);
    await produce('one');
    expect(await fetch(1, { rackId: 'a' })).toMatchObject({ values: ['one'], preferred: -1 });
    expect(await fetch(1, { rackId: 'c' })).toMatchObject({ values: ['one'], preferred: -1 });
    expect(await fetch(1, {})).toMatchObject({ values: ['one'], preferred: -1 });
  });

  it('reads from the leader where nobody has asked for replicas to be chosen', async () => {
    await started({});
    await produce('one');
    expect(await fetch(1, { rackId: 'b' })).toMatchObject({ values: ['one'], preferred: -1 });
  });
});

describe('a follower', () => {
  it('answers a consumer that waits as soon as it knows the record to be committed', async () => {
    await started(selector);
    await produce('one');
    const begunMs = cluster.clock.monotonic();
    const waiting = fetch(2, { rackId: 'b', maxWaitMs: 30_000, from: 1 });
    await produce('two');
    expect((await waiting).values).toEqual(['two']);
    expect(cluster.clock.monotonic() - begunMs).toBeLessThan(5_000);
  });

  it('refuses consumers that cannot be sent to one, and readers beyond its end', async () => {
    await started(selector);
    await produce('one');
    expect((await fetch(2, { version: 10 })).code).toBe(6);
    expect((await fetch(2, { from: 99 })).code).toBe(1);
  });
});
