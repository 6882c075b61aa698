import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import { KafkaConnection } from '../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import type { TestCluster } from '../kit/test-clusters.ts';
import { testClusters } from '../kit/test-clusters.ts';
import { until } from '../kit/until.ts';

interface Ground {
  readonly connection: KafkaConnection;
  readonly admin: KafkaAdmin;
  topic(partitions?: number): Promise<string>;
}

let topics = 0;

/** A member of a group that notes what it was handed and settles it at once unless told otherwise. */
class Member {
  readonly seen: TakenRecord[] = [];
  readonly #isSettling: boolean;
  readonly consumer: GroupConsumer;

  constructor(
    connection: KafkaConnection,
    groupId: string,
    topic: string,
    isSettling = true,
    commitIntervalMs = 100,
    settings: Partial<GroupSettings> = {},
  ) {
    this.#isSettling = isSettling;
    this.consumer = new GroupConsumer(
      connection,
      {
        groupId,
        topics: [topic],
        startAt: 'earliest',
        heartbeatIntervalMs: 200,
        commitIntervalMs,
        sessionWaitMsMax: 6_000,
        ...settings,
      },
      { readable: () => this.#drain() },
    );
  }

  #drain(): void {
    for (let taken = this.consumer.take(); taken; taken = this.consumer.take()) {
      this.seen.push(taken);
      if (this.#isSettling) taken.settle();
    }
  }
}

const idsOf = (taken: readonly TakenRecord[]) => taken.map(({ record }) => `${record.partition}:${record.offset}`);

async function fill(connection: KafkaConnection, topic: string, count: number): Promise<void> {
  const producer = new KafkaProducer(connection);
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      producer.send({ topic, key: Buffer.from(`key-${index % 50}`), value: Buffer.from(`value-${index}`) }),
    ),
  );
  await producer.close();
}

async function readAll(connection: KafkaConnection, topic: string, count: number): Promise<string[]> {
  const values: string[] = [];
  let take = () => {};
  const reader = new AssignedReader(connection, { topic, partitions: undefined, from: { kind: 'earliest' } }, () =>
    take(),
  );
  take = () => {
    for (let record = reader.next(); record; record = reader.next()) values.push(String(record.value));
  };
  await reader.start();
  await until(`${count} records of ${topic}`, () => values.length >= count);
  await reader.close();
  return values;
}

describe.each(testClusters)('Kafka client: $name', (cluster: TestCluster) => {
  let ground: Ground;
  let stop = async () => {};

  beforeAll(async () => {
    if (cluster.whyNot) return;
    const running = await cluster.start();
    const connection = testConnection(running.settings);
    const admin = new KafkaAdmin(connection);
    const topic = async (partitions = 3) => {
      const name = `client-${++topics}-${Math.floor(performance.now())}`;
      await admin.createTopic({ name, partitions });
      return name;
    };
    ground = { connection, admin, topic };
    stop = async () => {
      await admin.close();
      await running.stop();
    };
  });
  afterAll(() => stop());

  const test = cluster.whyNot ? it.skip : it;

  test('sends and reads keys, values, headers, tombstones and timestamps as they were', async () => {
    const topic = await ground.topic(1);
    const producer = new KafkaProducer(ground.connection);
    const first = await producer.send({
      topic,
      key: Buffer.from('k'),
      value: Buffer.from([0, 255, 128]),
      timestampMs: 1_700_000_000_123,
      headers: [
        { key: 'h', value: Buffer.from('1') },
        { key: 'h', value: Buffer.from('2') },
      ],
    });
    const second = await producer.send({ topic, key: Buffer.from('k'), value: null });
    expect([first, second]).toEqual([
      { topic, partition: 0, offset: 0 },
      { topic, partition: 0, offset: 1 },
    ]);
    await producer.close();
    const reader = new AssignedReader(
      ground.connection,
      { topic, partitions: [0], from: { kind: 'last', count: 2 } },
      () => {},
    );
    await reader.start();
    const record = await until('a record', () => reader.next());
    const tombstone = await until('the tombstone', () => reader.next());
    expect(record).toMatchObject({
      topic,
      partition: 0,
      offset: 0,
      timestampMs: 1_700_000_000_123,
      timestampType: 'create',
    });
    expect([record.key, record.value]).toEqual([Buffer.from('k'), Buffer.from([0, 255, 128])]);
    expect(record.headers).toEqual([
      { key: 'h', value: Buffer.from('1') },
      { key: 'h', value: Buffer.from('2') },
    ]);
    expect([tombstone.offset, tombstone.value]).toEqual([1, null]);
    await reader.close();
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'keeps the order of a partition, compression %s',
    async (compression) => {
      const topic = await ground.topic(1);
      const producer = new KafkaProducer(ground.connection, { compression, batchRecordsMax: 100 });
      const values = Array.from({ length: 1_000 }, (_, index) => `value-${index}`);
      const sent = await Promise.all(values.map((value) => producer.send({ topic, value: Buffer.from(value) })));
      expect(sent.map(({ offset }) => offset)).toEqual(values.map((_, index) => index));
      await producer.close();
      expect(await readAll(ground.connection, topic, 1_000)).toEqual(values);
    },
  );

  test.each([0, 1] as const)('brings everything to its place with acks %d before it closes', async (acks) => {
    const topic = await ground.topic(1);
    const producer = new KafkaProducer(ground.connection, { acks, batchRecordsMax: 50 });
    const values = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(8_000, '.'));
    const sends = values.map((value) => producer.send({ topic, value: Buffer.from(value) }));
    await producer.close();
    const offsets = (await Promise.all(sends)).map(({ offset }) => offset);
    expect(offsets).toEqual(values.map((_, index) => (acks === 0 ? undefined : index)));
    expect(await readAll(ground.connection, topic, 400)).toEqual(values);
  });

  test('refuses to hold more than its buffer and says when there is room again', async () => {
    const topic = await ground.topic(1);
    const producer = new KafkaProducer(ground.connection, { bufferRecordsMax: 10 });
    const sends = Array.from({ length: 10 }, () => producer.send({ topic, value: Buffer.from('x') }));
    await expect(producer.send({ topic, value: Buffer.from('x') })).rejects.toMatchObject({
      code: 'KAFKA_BUFFER_FULL',
    });
    await producer.ready();
    expect(producer.pendingRecords).toBeLessThan(10);
    await Promise.all(sends);
    await producer.close();
  });

  test('commits what was settled, in order, and reads the rest again', async () => {
    const topic = await ground.topic(1);
    await fill(ground.connection, topic, 100);
    const member = new Member(ground.connection, `${topic}-group`, topic, false);
    await member.consumer.start();
    await until('100 records', () => member.seen.length === 100);
    for (const taken of member.seen) if (taken.record.offset < 40 || taken.record.offset > 60) taken.settle();
    await member.consumer.close();
    const next = new Member(ground.connection, `${topic}-group`, topic);
    await next.consumer.start();
    await until('the rest', () => next.seen.at(-1)?.record.offset === 99);
    expect(next.seen[0]!.record.offset).toBe(40);
    await next.consumer.close();
    const { partitions } = await ground.admin.describeGroup(`${topic}-group`);
    expect(partitions).toMatchObject([{ topic, partition: 0, committedOffset: 100, endOffset: 100, lag: 0 }]);
  });

  test('hands out one record of a partition at a time when order matters', async () => {
    const topic = await ground.topic(1);
    await fill(ground.connection, topic, 10);
    const consumer = new GroupConsumer(
      ground.connection,
      { groupId: `${topic}-ordered`, topics: [topic], startAt: 'earliest', partitionRecordsInFlightMax: 1 },
      { readable: () => {} },
    );
    await consumer.start();
    const first = await until('the first record', () => consumer.take());
    expect(consumer.take()).toBeUndefined();
    first.settle();
    expect(consumer.take()?.record.offset).toBe(1);
    await consumer.close();
  });

  test.each([
    ['eager', undefined],
    ['cooperative', { assignors: ['cooperative-sticky'] }],
  ] as const)('shares partitions with members that come and go, skipping nothing, %s', async (_, settings) => {
    const topic = await ground.topic(6);
    const groupId = `${topic}-shared`;
    // Commits by timer never come: what the members do not repeat, they owe to the commit at the start of a rebalance.
    const first = new Member(ground.connection, groupId, topic, true, 600_000, settings);
    await first.consumer.start();
    await fill(ground.connection, topic, 3_000);
    await until('the first has all', () => first.seen.length >= 3_000);
    const second = new Member(ground.connection, groupId, topic, true, 600_000, settings);
    await second.consumer.start();
    await until(
      'both have three',
      () => first.consumer.assignment.length === 3 && second.consumer.assignment.length === 3,
    );
    await fill(ground.connection, topic, 3_000);
    await until('6000 in all', () => new Set([...idsOf(first.seen), ...idsOf(second.seen)]).size === 6_000);
    await first.consumer.close();
    await until('the second has six', () => second.consumer.assignment.length === 6);
    await fill(ground.connection, topic, 1_000);
    await until('7000 in all', () => new Set([...idsOf(first.seen), ...idsOf(second.seen)]).size === 7_000);
    const repeated = first.seen.length + second.seen.length - 7_000;
    expect(repeated).toBeLessThanOrEqual(50);
    await second.consumer.close();
  });

  test('notices that a topic has grown, as producer and as consumer', async () => {
    const topic = await ground.topic(1);
    const quick = new KafkaConnection({ ...ground.connection.settings, metadataMaxAgeMs: 200 }, ground.connection.host);
    const member = new Member(quick, `${topic}-group`, topic);
    await member.consumer.start();
    const producer = new KafkaProducer(quick);
    await producer.send({ topic, value: Buffer.from('first') });
    await ground.admin.growTopic(topic, 3);
    await until('a record went to each partition and arrived', async () => {
      await producer.send({ topic, value: Buffer.from('next') });
      return new Set(member.seen.map(({ record }) => record.partition)).size === 3;
    });
    await producer.close();
    await member.consumer.close();
  });

  test('creates, describes and deletes topics and names what is wrong', async () => {
    const { admin } = ground;
    const name = `admin-${Math.floor(performance.now())}`;
    await admin.createTopic({ name, partitions: 2, config: { 'retention.ms': '3600000' } });
    await until('the topic is listed', async () => (await admin.listTopics()).includes(name));
    const described = await admin.describeTopic(name);
    expect(
      described.partitions.map(({ partition, startOffset, endOffset }) => [partition, startOffset, endOffset]),
    ).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(described.config).toMatchObject({ 'retention.ms': '3600000' });
    await expect(admin.createTopic({ name })).rejects.toMatchObject({ code: 'KAFKA_TOPIC_ALREADY_EXISTS' });
    await admin.deleteTopic(name);
    await until('the topic is gone', async () => !(await admin.listTopics()).includes(name));
    await expect(admin.describeTopic(name)).rejects.toMatchObject({ code: 'KAFKA_UNKNOWN_TOPIC' });
    const reader = new AssignedReader(
      ground.connection,
      { topic: name, partitions: undefined, from: { kind: 'latest' } },
      () => {},
    );
    await expect(reader.start()).rejects.toMatchObject({ code: 'KAFKA_UNKNOWN_TOPIC' });
    await reader.close();
  });
});

const relayed = testClusters.find(({ name }) => name.includes('relay'))!;

describe.skipIf(relayed.whyNot)(`Kafka client when connections break, on ${relayed.name}`, () => {
  it('goes on after every socket was dropped in the middle, losing nothing and keeping the order', async () => {
    const running = await relayed.start();
    const connection = testConnection(running.settings);
    const admin = new KafkaAdmin(connection);
    const topic = `broken-${Math.floor(performance.now())}`;
    await admin.createTopic({ name: topic, partitions: 3 });
    const member = new Member(connection, `${topic}-group`, topic);
    await member.consumer.start();
    const producer = new KafkaProducer(connection);
    const values = Array.from({ length: 600 }, (_, index) => `${index}`);
    const sends: Promise<unknown>[] = [];
    for (const value of values) {
      sends.push(producer.send({ topic, key: Buffer.from('one'), value: Buffer.from(value) }));
      if (Number(value) % 200 === 100) {
        await until('something arrived', () => member.seen.length > 0);
        running.dropAll?.();
      }
    }
    await Promise.all(sends);
    await until('all arrived', () => new Set(idsOf(member.seen)).size === 600);
    const first = new Map(member.seen.map((taken) => [taken.record.offset, String(taken.record.value)]));
    expect([...first].sort(([a], [b]) => a - b).map(([, value]) => value)).toEqual(values);
    await producer.close();
    await member.consumer.close();
    await admin.close();
    await running.stop();
  });
});

it.each(['tcp', 'websocket'] as const)('names the address when no broker answers, %s', async (transport) => {
  const admin = new KafkaAdmin(testConnection({ transport, bootstrapServers: '127.0.0.1:1', retryBackoffMs: 10 }));
  const error = await admin.describeCluster().catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'KAFKA_CONNECT_FAILED', retriable: true });
  expect(error.message).toBe(
    'Kafka Connection "test" (127.0.0.1:1): could not connect: connect ECONNREFUSED 127.0.0.1:1',
  );
  await admin.close();
});
