import { describe, expect, it } from 'vitest';
import { apis } from '../protocol/api-keys.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { PartitionFeed } from './consumer/partition-feed.ts';
import type { FetchListener, FetchSettings } from './partition-fetcher.ts';
import { fetchDefaults, PartitionFetcher } from './partition-fetcher.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';
import { ScriptedLogs } from './testing/scripted-logs.ts';
import { ScriptedReads } from './testing/scripted-reads.ts';

/** A fetcher on three brokers in memory that takes every record at once. */
function ground(settings: Partial<FetchSettings> = {}, listener: FetchListener = {}) {
  const cluster = new ScriptedCluster(3);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  const taken: string[] = [];
  const troubles: string[] = [];
  const moved: string[] = [];
  const failures: unknown[] = [];
  const state = { isTaking: true };
  const drain = () => {
    for (const feed of fetcher.feeds.values())
      for (let record = state.isTaking ? feed.take() : undefined; record; record = feed.take()) {
        taken.push(`${record.topic}-${record.partition}@${record.offset} ${record.value}`);
        fetcher.wake();
      }
  };
  const fetcher: PartitionFetcher = new PartitionFetcher(
    cluster.connection({ retryBackoffMs: 10 }),
    { ...fetchDefaults, startAt: 'earliest', ...settings },
    drain,
    {
      listener: {
        trouble: (error) => troubles.push(error.code),
        moved: ({ topic, partition, position }: PartitionFeed) => moved.push(`${topic}-${partition}@${position}`),
        failed: (error) => failures.push(error),
        ...listener,
      },
    },
  );
  return { cluster, logs, reads, fetcher, taken, troubles, moved, failures, state, drain };
}

describe('PartitionFetcher', () => {
  it('reads partitions of several brokers, from an offset within a batch too', async () => {
    const { cluster, logs, reads, fetcher, taken } = ground();
    logs.create('t', 3);
    for (const partition of [0, 1, 2]) reads.append('t', partition, 'a', 'b');
    fetcher.add('t', 0, 0);
    fetcher.add('t', 1, 1);
    fetcher.add('t', 2, 2);
    await cluster.until('three records', () => taken.length === 3);
    reads.append('t', 2, 'c');
    await cluster.until('the next', () => taken.length === 4);
    expect(taken.toSorted()).toEqual(['t-0@0 a', 't-0@1 b', 't-1@1 b', 't-2@2 c']);
    await fetcher.close();
  });

  it('reads the rest when a topic is deleted, tells it once, and reads it again when it is back', async () => {
    const { cluster, logs, reads, fetcher, taken, troubles, moved } = ground();
    logs.create('kept', 1);
    logs.create('gone', 1);
    reads.append('gone', 0, 'old1', 'old2');
    fetcher.add('kept', 0, 0);
    fetcher.add('gone', 0, 0);
    await cluster.until('the old ones', () => taken.length === 2);
    logs.topics.delete('gone');
    await cluster.run(5_000);
    reads.append('kept', 0, 'kept');
    await cluster.until('the rest is read', () => taken.includes('kept-0@0 kept'), 200);
    await cluster.run(10_000);
    expect(troubles).toEqual(['KAFKA_UNKNOWN_TOPIC']);
    logs.create('gone', 1);
    reads.append('gone', 0, 'new1');
    await cluster.until('it is read again', () => taken.includes('gone-0@0 new1'), 3_000);
    expect(moved).toEqual(['gone-0@0']);
    await fetcher.close();
  });

  it('is not set back by a broker that still tells of a topic that was deleted', async () => {
    const { cluster, logs, reads, fetcher, taken, moved } = ground();
    const old = logs.create('t', 1);
    const feed = fetcher.add('t', 0, 0);
    await cluster.run(100);
    const now = logs.create('t', 1);
    reads.append('t', 0, 'a', 'b');
    await cluster.until('the new ones', () => taken.length === 2);
    let lies = 3;
    cluster.on(apis.metadata, ({ body }) => {
      if (!body.topics?.some(({ name }) => name === 't') || lies === 0) return undefined;
      lies--;
      logs.topics.set('t', old);
      setImmediate(() => logs.topics.set('t', now));
      return undefined;
    });
    cluster.drop(1);
    await cluster.run(3_000);
    reads.append('t', 0, 'c');
    await cluster.until('the next', () => taken.length === 3);
    expect([moved, feed.position]).toEqual([['t-0@0'], 3]);
    await fetcher.close();
  });

  it.each([
    ['earliest', 4],
    ['latest', 6],
  ] as const)(
    'goes on at the %s offset where the wanted one is gone, and with the others undisturbed',
    async (startAt, offset) => {
      const { cluster, logs, reads, fetcher, taken, moved } = ground({ startAt });
      logs.create('t', 4);
      reads.append('t', 0, ...'abcdef');
      reads.append('t', 3, ...'xyz');
      reads.starts.set('t-0', 4);
      const feed = fetcher.add('t', 0, 1);
      fetcher.add('t', 3, 0);
      await cluster.until('the other', () => taken.filter((each) => each.startsWith('t-3')).length === 3);
      await cluster.until('the offset', () => feed.position === 6);
      expect(taken.filter((each) => each.startsWith('t-0'))[0]).toBe(offset === 4 ? 't-0@4 e' : undefined);
      expect(moved).toEqual([]);
      await fetcher.close();
    },
  );

  it('begins a new history where the log was cut back', async () => {
    const { cluster, logs, reads, fetcher, taken, moved } = ground();
    logs.create('t', 1);
    reads.append('t', 0, ...'abcdef');
    fetcher.add('t', 0, 0);
    await cluster.until('six', () => taken.length === 6);
    logs.topics.get('t')!.partitions[0]!.records.length = 2;
    await cluster.until('it has moved', () => moved.length === 1);
    expect(moved).toEqual(['t-0@0']);
    await cluster.until('what is there is read', () => taken.length === 8);
    await fetcher.close();
  });

  it('follows a leader by the hint in the refusal, without a pause', async () => {
    const { cluster, logs, reads, fetcher, taken } = ground();
    logs.create('t', 1);
    fetcher.add('t', 0, 0);
    await cluster.run(100);
    logs.move('t', 0, 3);
    reads.append('t', 0, 'a');
    await cluster.until('the record', () => taken.length === 1, 30);
    await fetcher.close();
  });

  it.each([true, false])(
    'goes on at the next leader when one dies, others undisturbed; hints %s',
    async (givesHints) => {
      const { cluster, logs, reads, fetcher, taken, troubles } = ground();
      reads.givesHints = givesHints;
      logs.create('t', 2);
      fetcher.add('t', 0, 0);
      fetcher.add('t', 1, 0);
      await cluster.run(100);
      cluster.down(1);
      await cluster.run(400);
      logs.move('t', 0, 3);
      reads.append('t', 0, 'a');
      reads.append('t', 1, 'b');
      await cluster.until('both', () => taken.length === 2, 1_000);
      expect(troubles).toEqual([]);
      await fetcher.close();
    },
  );

  it('names a damaged batch once, passes nothing of it on, reads the others, and goes on when it is whole again', async () => {
    const { cluster, logs, reads, fetcher, taken, troubles } = ground();
    logs.create('t', 4);
    reads.append('t', 0, ...'abcdef');
    reads.append('t', 3, ...'xyz');
    let isDamaged = true;
    reads.damage = (_topic, partition, bytes) => {
      if (partition === 0 && isDamaged) bytes[bytes.length - 3]! ^= 0x10;
      return bytes;
    };
    const feed = fetcher.add('t', 0, 0);
    fetcher.add('t', 3, 0);
    await cluster.run(5_000);
    expect(taken.toSorted()).toEqual(['t-0@0 a', 't-0@1 b', 't-0@2 c', 't-3@0 x', 't-3@1 y', 't-3@2 z']);
    expect(troubles).toEqual(['KAFKA_CORRUPT_BATCH']);
    expect(feed.failure?.message).toContain('topic "t", partition 0, offset 3');
    isDamaged = false;
    await cluster.until('the rest', () => taken.length === 9, 3_000);
    expect(taken.slice(-3)).toEqual(['t-0@3 d', 't-0@4 e', 't-0@5 f']);
    await fetcher.close();
  });

  it('does not ask a partition again and again that refuses', async () => {
    const { cluster, logs, fetcher, troubles } = ground();
    logs.create('t', 1);
    cluster.on(apis.fetch, ({ body }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      responses: body.topics.map(({ topic, topicId, partitions }) => ({
        topic,
        topicId,
        partitions: partitions.map(({ partition }) => ({
          partitionIndex: partition,
          errorCode: errorCode.TOPIC_AUTHORIZATION_FAILED,
          highWatermark: -1,
          abortedTransactions: null,
          records: null,
        })),
      })),
    }));
    fetcher.add('t', 0, 0);
    await cluster.run(10_000);
    expect(troubles).toEqual(['KAFKA_TOPIC_AUTHORIZATION_FAILED']);
    expect(cluster.requests(apis.fetch).length).toBeLessThan(30);
    await fetcher.close();
  });

  it('stops fetching a partition that is full or paused, and goes on when there is room', async () => {
    const { cluster, logs, reads, fetcher, taken, state, drain } = ground({ partitionQueueRecordsMax: 4 });
    logs.create('t', 1);
    reads.append('t', 0, ...'abcdef');
    state.isTaking = false;
    const feed = fetcher.add('t', 0, 0);
    await cluster.run(1_000);
    const asked = cluster.requests(apis.fetch).length;
    await cluster.run(5_000);
    expect([asked, cluster.requests(apis.fetch).length, feed.queuedRecords]).toEqual([1, 1, 6]);
    state.isTaking = true;
    drain();
    await cluster.run(100);
    expect([taken.length, feed.queuedRecords, feed.queuedBytes]).toEqual([6, 0, 0]);
    feed.isPaused = true;
    await cluster.run(10);
    reads.append('t', 0, 'g');
    await cluster.run(1_000);
    expect(taken).toHaveLength(6);
    feed.isPaused = false;
    fetcher.wake();
    await cluster.until('the next', () => taken.length === 7);
    await fetcher.close();
  });

  it('drops what was asked for before a partition was given back and taken anew', async () => {
    const { cluster, logs, reads, fetcher, taken } = ground();
    logs.create('t', 1);
    reads.append('t', 0, ...'abcdef');
    cluster.latencyMs = 50;
    fetcher.add('t', 0, 0);
    await cluster.until('a fetch is out', () => cluster.requests(apis.fetch).length === 1);
    fetcher.remove('t', 0);
    fetcher.add('t', 0, 4);
    await cluster.until('the rest', () => taken.length === 2);
    await cluster.run(1_000);
    expect(taken).toEqual(['t-0@4 e', 't-0@5 f']);
    await fetcher.close();
  });

  it('reads from the follower that the leader names, and from the leader when that one fails', async () => {
    const { cluster, logs, reads, fetcher, taken } = ground();
    logs.create('t', 1);
    reads.append('t', 0, 'a');
    reads.replica = 2;
    fetcher.add('t', 0, 0);
    await cluster.until('the first', () => taken.length === 1);
    expect(cluster.requests(apis.fetch).at(-1)!.broker).toBe(2);
    cluster.down(2);
    reads.replica = undefined;
    reads.append('t', 0, 'b');
    await cluster.until('the second', () => taken.length === 2, 2_000);
    expect(cluster.requests(apis.fetch).at(-1)!.broker).toBe(1);
    await fetcher.close();
  });

  it('ends visibly on a bug, and is not taken for weather', async () => {
    const cluster = new ScriptedCluster(1);
    const logs = new ScriptedLogs(cluster);
    const reads = new ScriptedReads(cluster, logs);
    logs.create('t', 1);
    reads.append('t', 0, 'a');
    const failures: unknown[] = [];
    const fetcher = new PartitionFetcher(
      cluster.connection(),
      { ...fetchDefaults, startAt: 'earliest' },
      () => {
        throw new RangeError('a bug of the reader');
      },
      { listener: { failed: (error) => failures.push(error) } },
    );
    fetcher.add('t', 0, 0);
    await cluster.run(10_000);
    expect(failures).toEqual([new RangeError('a bug of the reader')]);
    expect(cluster.requests(apis.fetch)).toHaveLength(1);
    await fetcher.close();
  });

  it('asks for offsets again while that may help, and names the topic that is missing', async () => {
    const { cluster, logs, reads, fetcher } = ground();
    logs.create('t', 2);
    reads.append('t', 1, 'a', 'b');
    let refusals = 2;
    cluster.on(apis.listOffsets, ({ body }) =>
      refusals-- > 0
        ? {
            throttleTimeMs: 0,
            topics: body.topics.map(({ name, partitions }) => ({
              name,
              partitions: partitions.map(({ partitionIndex }) => ({
                partitionIndex,
                errorCode: errorCode.NOT_LEADER_OR_FOLLOWER,
              })),
            })),
          }
        : undefined,
    );
    let found: unknown;
    void fetcher.offsetsAt('t', [0, 1], -1).then((offsets) => {
      found = [...offsets];
    });
    await cluster.until('offsets', () => found !== undefined);
    expect(found).toEqual([
      [0, 0],
      [1, 2],
    ]);
    let refused: unknown;
    void fetcher.offsetsAt('nothing', [0], -1).catch((error) => {
      refused = error;
    });
    await cluster.until('a refusal', () => refused !== undefined);
    expect(refused).toMatchObject({
      code: 'KAFKA_UNKNOWN_TOPIC',
      message: expect.stringMatching(/could not read offsets of topic "nothing": topic "nothing" does not exist$/),
    });
    await fetcher.close();
  });
});
