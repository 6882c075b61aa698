import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { TransactionSettings } from '../../engine/kafka/transactional-producer.ts';
import { TransactionalProducer } from '../../engine/kafka/transactional-producer.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { startApacheKafka, testApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import type { KafkaRelay } from '../kit/kafka-relay.ts';
import { startKafkaRelay } from '../kit/kafka-relay.ts';
import { RawClient } from '../kit/raw-client.ts';
import { until } from '../kit/until.ts';

const whyNot = whyNoApacheKafka();

/** A cluster to run on, and how our client reaches it. */
interface TransactionalCluster {
  readonly bootstrap: string;
  readonly connection: KafkaConnection;
  stop(): Promise<void>;
}

async function apacheKafka(features: readonly string[]): Promise<TransactionalCluster> {
  const kafka = await (features.length > 0 ? startApacheKafka : testApacheKafka)({ config, features });
  const { bootstrap, stop } = kafka;
  return { bootstrap, connection: testConnection({ bootstrapServers: bootstrap }), stop: () => stop() };
}

/** @param level of transaction.version; that of a new cluster is 2 */
async function bundledCluster(transport: 'tcp' | 'websocket', level: number): Promise<TransactionalCluster> {
  const cluster = await startBundledCluster(3);
  const { bootstrap } = cluster;
  if (level < newClusterLevel) await lowerTransactionVersion(bootstrap, level);
  const connection = testConnection({ bootstrapServers: bootstrap, transport });
  return { bootstrap, connection, stop: () => cluster.stop() };
}

async function lowerTransactionVersion(bootstrap: string, level: number): Promise<void> {
  const client = new RawClient(bootstrap);
  const update = { feature: 'transaction.version', maxVersionLevel: level, upgradeType: 2 };
  const answer = await client.call(apis.updateFeatures, 2, { timeoutMs: 10_000, featureUpdates: [update] });
  client.close();
  expect(answer.errorCode).toBe(0);
}

const newClusterLevel = 2;
/** The coordinator looks for transactions that took too long this often. */
const config = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200' };
let names = 0;

/** Everything that is in a topic now and that a reader of this isolation may see, by partition. */
async function read(
  connection: KafkaConnection,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_committed',
): Promise<string[]> {
  const values: string[] = [];
  let wake = () => {};
  const settings = { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true, isolation } as const;
  const reader = new AssignedReader(connection, settings, () => wake());
  const take = () => {
    for (let record = reader.next(); record; record = reader.next()) values.push(String(record.value));
  };
  wake = take;
  await reader.start();
  await until(`the end of ${topic}`, () => {
    take();
    return reader.isPastStart;
  });
  await reader.close();
  return values;
}

/** The coordinator answers a commit before its markers are written: what is committed shows a moment later. */
async function expectCommitted(connection: KafkaConnection, topic: string, values: readonly string[]): Promise<void> {
  let found: string[] = [];
  await until(`${values.length} committed records of ${topic}`, async () => {
    found = await read(connection, topic);
    return found.length >= values.length;
  });
  expect(found.sort()).toEqual([...values].sort());
}

const apacheRuns = [
  ['transactions of version 2 on Apache Kafka', () => apacheKafka([])],
  ['transactions of version 1 on Apache Kafka', () => apacheKafka(['transaction.version=1'])],
] as const;
const bundledRuns = [
  ['transactions of version 2 on the bundled cluster over TCP', () => bundledCluster('tcp', 2)],
  ['transactions of version 2 on the bundled cluster over WebSocket', () => bundledCluster('websocket', 2)],
  ['transactions of version 1 on the bundled cluster over WebSocket', () => bundledCluster('websocket', 1)],
] as const;

describe
  .skipIf(whyNot)
  .each(apacheRuns.map(([name, start]) => [name + (whyNot ? ` (skipped: ${whyNot})` : ''), start] as const))(
  '%s',
  (_, start) => transactionsOn(start),
);
describe.each(bundledRuns)('%s', (_, start) => transactionsOn(start));

function transactionsOn(start: () => Promise<TransactionalCluster>): void {
  let cluster: TransactionalCluster;
  let relay: KafkaRelay;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;

  beforeAll(async () => {
    cluster = await start();
    relay = await startKafkaRelay();
    connection = cluster.connection;
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    await admin?.close();
    await relay?.stop();
    await cluster?.stop();
  });

  async function topicOf(partitions: number): Promise<string> {
    const name = `tx-${++names}`;
    await admin.createTopic({ name, partitions });
    return name;
  }

  async function producerOf(
    transactionalId: string,
    settings: Partial<TransactionSettings> = {},
    over = connection,
  ): Promise<TransactionalProducer> {
    const producer = new TransactionalProducer(over, { transactionalId, ...settings });
    await producer.init();
    return producer;
  }

  const sendAll = (producer: TransactionalProducer, topic: string, values: readonly string[], partitions = 1) =>
    Promise.all(
      values.map((value, index) => producer.send({ topic, partition: index % partitions, value: Buffer.from(value) })),
    );

  it('shows what was committed, hides what was aborted and what is open', async () => {
    const topic = await topicOf(3);
    const producer = await producerOf(topic);
    producer.begin();
    await sendAll(producer, topic, ['a', 'b', 'c', 'd', 'e', 'f'], 3);
    expect(await read(connection, topic)).toEqual([]);
    await producer.commit();
    await expectCommitted(connection, topic, ['a', 'b', 'c', 'd', 'e', 'f']);
    producer.begin();
    await sendAll(producer, topic, ['no', 'no', 'no'], 3);
    await producer.abort();
    producer.begin();
    await sendAll(producer, topic, ['g'], 3);
    await producer.commit();
    producer.begin();
    await sendAll(producer, topic, ['open'], 3);
    await expectCommitted(connection, topic, ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(await read(connection, topic, 'read_uncommitted')).toHaveLength(11);
    await producer.close();
  });

  it('lets readers of committed records no further than the first open transaction, and past its markers once it has ended', async () => {
    const topic = await topicOf(1);
    const producer = await producerOf(topic);
    producer.begin();
    await sendAll(producer, topic, ['first']);
    const plain = new KafkaProducer(connection);
    await plain.send({ topic, partition: 0, value: Buffer.from('behind') });
    const values: string[] = [];
    const settings = { topic, partitions: [0], from: { kind: 'earliest' }, isolation: 'read_committed' } as const;
    const reader = new AssignedReader(connection, settings, () => {});
    await reader.start();
    const look = () => {
      for (let record = reader.next(); record; record = reader.next()) values.push(String(record.value));
      return values.length;
    };
    expect(await read(connection, topic, 'read_uncommitted')).toEqual(['first', 'behind']);
    expect(await read(connection, topic)).toEqual([]);
    expect(look()).toBe(0);
    await producer.abort();
    await plain.send({ topic, partition: 0, value: Buffer.from('last') });
    await until('the rest', () => look() === 2);
    expect(values).toEqual(['behind', 'last']);
    await reader.close();
    await plain.close();
    await producer.close();
  });

  it('fences an earlier producer with the same transactional id, whose records are never seen', async () => {
    const topic = await topicOf(1);
    const first = await producerOf(topic);
    first.begin();
    await sendAll(first, topic, ['zombie']);
    const second = await producerOf(topic);
    second.begin();
    await sendAll(second, topic, ['heir']);
    const failed = await first.commit().catch((error) => error);
    expect(failed).toMatchObject({ code: 'KAFKA_PRODUCER_FENCED', details: { recovery: 'restart' } });
    expect(() => first.begin()).toThrow(failed);
    await second.commit();
    await expectCommitted(connection, topic, ['heir']);
    await first.close();
    await second.close();
  });

  it('commits offsets of a group with the records made of what was read, or neither', async () => {
    const topic = await topicOf(2);
    const producer = await producerOf(topic);
    const group = { groupId: `${topic}-group`, memberId: '', generation: -1 };
    const offsetOf = async () => (await admin.describeGroup(group.groupId)).partitions[0]?.committedOffset;
    producer.begin();
    await sendAll(producer, topic, ['one']);
    await producer.sendOffsets([{ topic, partition: 0, offset: 5 }], group);
    await producer.abort();
    producer.begin();
    await sendAll(producer, topic, ['two']);
    await producer.sendOffsets([{ topic, partition: 0, offset: 7 }], group);
    await producer.commit();
    expect(await until('the commit', offsetOf)).toBe(7);
    await expectCommitted(connection, topic, ['two']);
    producer.begin();
    const outdated = { ...group, memberId: 'nobody', generation: 3 };
    const failed = await producer.sendOffsets([{ topic, partition: 0, offset: 9 }], outdated).catch((error) => error);
    expect(failed.details).toMatchObject({ recovery: 'abort' });
    await expect(producer.commit()).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_SPOILED' });
    await producer.abort();
    expect(await offsetOf()).toBe(7);
    await producer.close();
  });

  it('has to begin anew with another producer when a transaction took longer than its time-out', async () => {
    const topic = await topicOf(1);
    const slow = await producerOf(topic, { transactionTimeoutMs: 300 });
    slow.begin();
    await sendAll(slow, topic, ['late']);
    const plain = new KafkaProducer(connection);
    await plain.send({ topic, partition: 0, value: Buffer.from('behind') });
    await until('the coordinator aborts it', async () => (await read(connection, topic)).length === 1);
    await expect(slow.commit()).rejects.toMatchObject({ details: { recovery: 'restart' } });
    const next = await producerOf(topic);
    next.begin();
    await sendAll(next, topic, ['next']);
    await next.commit();
    await expectCommitted(connection, topic, ['behind', 'next']);
    await Promise.all([slow.close(), next.close(), plain.close()]);
  });

  it('spoils a transaction whose record was refused, and goes on with the next', async () => {
    const topic = await topicOf(1);
    const producer = await producerOf(topic);
    producer.begin();
    const sent = producer.send({ topic, partition: 0, value: Buffer.from('good') });
    await sent;
    await expect(producer.send({ topic, partition: 0, value: Buffer.alloc(2_000_000) })).rejects.toMatchObject({
      code: 'KAFKA_MESSAGE_TOO_LARGE',
    });
    await expect(producer.commit()).rejects.toMatchObject({ code: 'KAFKA_TRANSACTION_SPOILED' });
    await producer.abort();
    producer.begin();
    await sendAll(producer, topic, ['next']);
    await producer.commit();
    await expectCommitted(connection, topic, ['next']);
    await producer.close();
  });

  it('leaves nothing of an abort that comes while records are on their way', async () => {
    const topic = await topicOf(2);
    const producer = await producerOf(topic, { batchRecordsMax: 10 });
    for (let round = 0; round < 10; round++) {
      producer.begin();
      const dropped = sendAll(
        producer,
        topic,
        Array.from({ length: 200 }, () => 'dropped'),
        2,
      ).catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      await producer.abort();
      await dropped;
      producer.begin();
      void sendAll(producer, topic, [`kept-${round}`]);
      await producer.commit();
    }
    const kept = Array.from({ length: 10 }, (_, round) => `kept-${round}`);
    await expectCommitted(connection, topic, kept);
    await producer.close();
  });

  it('commits each transaction once and in order while connections break, seed 7', async () => {
    const random = new SeededRandom(7);
    const topic = await topicOf(3);
    const relayed = testConnection({
      transport: 'websocket',
      bootstrapServers: cluster.bootstrap,
      webSocketUrl: relay.url,
      retryBackoffMs: 20,
    });
    const producer = await producerOf(topic, { batchRecordsMax: 5 }, relayed);
    const committed: string[] = [];
    for (let round = 0; round < 40; round++) {
      const values = Array.from({ length: 1 + Math.floor(random.next() * 20) }, (_, index) => `${round}-${index}`);
      producer.begin();
      const sends = sendAll(producer, topic, values, 3).catch(() => {});
      if (random.next() < 0.5) relay.dropAll();
      if (random.next() < 0.3) {
        await producer.abort();
        await sends;
        continue;
      }
      const ended = producer.commit();
      if (random.next() < 0.5) relay.dropAll();
      await ended;
      committed.push(...values);
    }
    await expectCommitted(connection, topic, committed);
    await producer.close();
  });
}
