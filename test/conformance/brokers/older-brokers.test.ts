import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import type { TakenRecord } from '../../../engine/kafka/group-consumer.ts';
import { GroupConsumer } from '../../../engine/kafka/group-consumer.ts';
import type { GroupSettings } from '../../../engine/kafka/group-settings.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { TransactionalProducer } from '../../../engine/kafka/transactional-producer.ts';
import type { ApacheKafka } from '../../kit/apache-kafka.ts';
import { testApacheKafka, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import { startOlderKafka } from '../../kit/older-kafka.ts';
import { until } from '../../kit/until.ts';

const whyNot = whyNoApacheKafka();
/** The oldest that we promise to speak with, the ends of lines since, and the newest. */
const versions = ['2.4.1', '2.8.2', '3.3.2', '3.9.1', '4.0.0', '4.4.0'];
const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

class Member {
  readonly seen: TakenRecord[] = [];
  readonly consumer: GroupConsumer;

  constructor(connection: KafkaConnection, groupId: string, topic: string, settings: Partial<GroupSettings> = {}) {
    const read = {
      groupId,
      topics: [topic],
      startAt: 'earliest',
      heartbeatIntervalMs: 200,
      commitIntervalMs: 100,
    } as const;
    this.consumer = new GroupConsumer(connection, { ...read, ...settings }, { readable: () => this.#drain() });
  }

  #drain(): void {
    for (let taken = this.consumer.take(); taken; taken = this.consumer.take()) {
      this.seen.push(taken);
      taken.settle();
    }
  }
}

async function fill(connection: KafkaConnection, topic: string, count: number): Promise<void> {
  const producer = new KafkaProducer(connection);
  const send = (_: unknown, index: number) =>
    producer.send({ topic, key: Buffer.from(`key-${index % 50}`), value: Buffer.from(`value-${index}`) });
  await Promise.all(Array.from({ length: count }, send));
  await producer.close();
}

async function committedOf(connection: KafkaConnection, topic: string): Promise<string[]> {
  const values: string[] = [];
  let wake = () => {};
  const settings = { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true } as const;
  const reader = new AssignedReader(connection, { ...settings, isolation: 'read_committed' }, () => wake());
  wake = () => {
    for (let record = reader.next(); record; record = reader.next()) values.push(String(record.value));
  };
  await reader.start();
  await until(`the end of ${topic}`, () => {
    wake();
    return reader.isPastStart;
  });
  await reader.close();
  return values;
}

describe.skipIf(whyNot).each(versions)(
  `our client on Apache Kafka %s${whyNot ? ` (skipped: ${whyNot})` : ''}`,
  (version) => {
    let kafka: ApacheKafka;
    let connection: KafkaConnection;
    let admin: KafkaAdmin;

    beforeAll(async () => {
      kafka = await (version === '4.4.0' ? testApacheKafka() : startOlderKafka(version));
      connection = testConnection({ bootstrapServers: kafka.bootstrap });
      admin = new KafkaAdmin(connection);
    }, 300_000);
    afterAll(async () => {
      await admin?.close();
      await kafka?.stop();
    });

    it('creates, describes, grows and deletes topics', async () => {
      const name = `admin-${version}`;
      await admin.createTopic({ name, partitions: 2, config: { 'retention.ms': '3600000' } });
      await until('the topic is listed', async () => (await admin.listTopics()).includes(name));
      await admin.growTopic(name, 3);
      const described = await until('three partitions', async () => {
        const found = await admin.describeTopic(name);
        return found.partitions.length === 3 ? found : undefined;
      });
      expect(described.partitions.map(({ startOffset, endOffset }) => [startOffset, endOffset])).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
      expect(described.config).toMatchObject({ 'retention.ms': '3600000' });
      await expect(admin.createTopic({ name })).rejects.toMatchObject({ code: 'KAFKA_TOPIC_ALREADY_EXISTS' });
      expect((await admin.describeCluster()).brokers).toHaveLength(1);
      await admin.deleteTopic(name);
      await until('the topic is gone', async () => !(await admin.listTopics()).includes(name));
    });

    it('sends and reads keys, headers, times and every compression', async () => {
      const topic = `codecs-${version}`;
      await admin.createTopic({ name: topic, partitions: 1 });
      for (const compression of compressions) {
        const producer = new KafkaProducer(connection, { compression });
        const send = (_: unknown, index: number) =>
          producer.send({
            topic,
            key: Buffer.from('k'),
            value: Buffer.from(`${compression}-${index}`),
            headers: [{ key: 'h', value: Buffer.from('1') }],
            timestampMs: 1_700_000_000_000 + index,
          });
        await Promise.all(Array.from({ length: 200 }, send));
        await producer.close();
      }
      const seen = new Member(connection, `${topic}-group`, topic);
      await seen.consumer.start();
      await until('1000 records', () => seen.seen.length === 1_000);
      const expected = compressions.flatMap((name) => Array.from({ length: 200 }, (_, index) => `${name}-${index}`));
      expect(seen.seen.map(({ record }) => String(record.value))).toEqual(expected);
      expect(seen.seen[3]!.record).toMatchObject({ timestampMs: 1_700_000_000_003, key: Buffer.from('k') });
      expect(seen.seen[3]!.record.headers).toEqual([{ key: 'h', value: Buffer.from('1') }]);
      await seen.consumer.close();
    });

    it.each([
      ['eager', {}],
      ['cooperative', { assignors: ['cooperative-sticky'] }],
      ['static', { groupInstanceId: 'one' }],
    ] as const)('shares partitions in a group, %s', async (kind, settings) => {
      const topic = `group-${kind}-${version}`;
      await admin.createTopic({ name: topic, partitions: 4 });
      await fill(connection, topic, 500);
      const first = new Member(connection, topic, topic, settings);
      await first.consumer.start();
      await until('500', () => first.seen.length === 500);
      const other = kind === 'static' ? { groupInstanceId: 'two' } : settings;
      const second = new Member(connection, topic, topic, other);
      await second.consumer.start();
      await until('two each', () => [first, second].every(({ consumer }) => consumer.assignment.length === 2));
      await fill(connection, topic, 500);
      const ids = () =>
        new Set([...first.seen, ...second.seen].map(({ record }) => `${record.partition}:${record.offset}`));
      await until('1000', () => ids().size === 1_000);
      await first.consumer.close();
      await second.consumer.close();
      const { partitions } = await admin.describeGroup(topic);
      expect(partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset), 0)).toBe(1_000);
      expect((await admin.listGroups()).map(({ id }) => id)).toContain(topic);
    });

    it('writes transactions, with offsets, and hides what is aborted', async () => {
      const topic = `tx-${version}`;
      await admin.createTopic({ name: topic, partitions: 2 });
      const producer = new TransactionalProducer(connection, { transactionalId: topic });
      await producer.init();
      const round = async (value: string, isCommit: boolean, offset: number) => {
        producer.begin();
        await Promise.all([0, 1].map((partition) => producer.send({ topic, partition, value: Buffer.from(value) })));
        const group = { groupId: `${topic}-group`, memberId: '', generation: -1 };
        await producer.sendOffsets([{ topic, partition: 0, offset }], group);
        await (isCommit ? producer.commit() : producer.abort());
      };
      await round('one', true, 1);
      await round('no', false, 2);
      await round('three', true, 3);
      await until('all are committed', async () => (await committedOf(connection, topic)).length === 4);
      expect((await committedOf(connection, topic)).sort()).toEqual(['one', 'one', 'three', 'three']);
      const { partitions } = await admin.describeGroup(`${topic}-group`);
      expect(partitions[0]).toMatchObject({ partition: 0, committedOffset: 3 });
      await producer.close();
    });
  },
);
