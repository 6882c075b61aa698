import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { ShareListener, ShareSettings, TakenShareRecord } from '../../engine/kafka/share-consumer.ts';
import { ShareConsumer } from '../../engine/kafka/share-consumer.ts';
import { TransactionalProducer } from '../../engine/kafka/transactional-producer.ts';
import type { ApacheKafka } from '../kit/apache-kafka.ts';
import { runKafkaClass, testApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';

const whyNot = whyNoApacheKafka();
const config = {
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'share.coordinator.state.topic.num.partitions': '4',
  'group.share.min.record.lock.duration.ms': '1000',
  'group.share.record.lock.duration.ms': '3000',
};
let names = 0;

describe.skipIf(whyNot)(`share groups (KIP-932) on Apache Kafka${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  let kafka: ApacheKafka;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;

  beforeAll(async () => {
    kafka = await testApacheKafka({ config });
    connection = testConnection({ bootstrapServers: kafka.bootstrap });
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    await admin?.close();
    await kafka?.stop();
  });

  /** A topic, and a group of its name that reads it from its beginning. */
  async function topicOf(partitions: number): Promise<string> {
    const name = `share-${++names}-${Math.floor(performance.now())}`;
    await admin.createTopic({ name, partitions });
    const what = ['--entity-type', 'groups', '--entity-name', name, '--add-config', 'share.auto.offset.reset=earliest'];
    const args = ['--bootstrap-server', kafka.bootstrap, '--alter', ...what];
    runKafkaClass('org.apache.kafka.tools.ConfigCommand', args, 120_000);
    return name;
  }

  async function fill(topic: string, count: number): Promise<void> {
    const producer = new KafkaProducer(connection);
    const send = (_: unknown, index: number) => producer.send({ topic, value: Buffer.from(`${index}`) });
    await Promise.all(Array.from({ length: count }, send));
    await producer.close();
  }

  async function consumerOf(
    topic: string,
    take: (taken: TakenShareRecord) => void,
    settings: Partial<ShareSettings> = {},
    listener: Partial<ShareListener> = {},
  ): Promise<ShareConsumer> {
    const consumer: ShareConsumer = new ShareConsumer(
      connection,
      { groupId: topic, topics: [topic], ...settings },
      {
        readable: () => {
          for (let taken = consumer.take(); taken; taken = consumer.take()) take(taken);
        },
        ...listener,
      },
    );
    await consumer.start();
    return consumer;
  }

  const valuesOf = (taken: readonly TakenShareRecord[]) => taken.map(({ record }) => Number(String(record.value)));
  const ascending = (a: number, b: number) => a - b;

  it('shares the records of one partition among members, each record to one of them', async () => {
    const topic = await topicOf(1);
    const seen: TakenShareRecord[][] = [[], []];
    const settings = { queuedRecordsMax: 20 };
    const members = await Promise.all(
      seen.map((list) =>
        consumerOf(
          topic,
          (taken) => {
            list.push(taken);
            taken.acknowledge('accept');
          },
          settings,
        ),
      ),
    );
    for (let round = 0; round < 10; round++) await fill(topic, 50);
    await until('500 records', () => seen[0]!.length + seen[1]!.length >= 500);
    for (const member of members) await member.close();
    const places = seen.flat().map(({ record }) => record.offset);
    expect(places.sort(ascending)).toEqual(Array.from({ length: 500 }, (_, offset) => offset));
    expect(seen.flat().every(({ deliveryCount }) => deliveryCount === 1)).toBe(true);
    expect(seen.every((list) => list.length > 0)).toBe(true);
  });

  it('hands out again what is released, and never what is rejected or accepted', async () => {
    const topic = await topicOf(2);
    await fill(topic, 90);
    const seen: TakenShareRecord[] = [];
    const consumer = await consumerOf(topic, (taken) => {
      seen.push(taken);
      const value = Number(String(taken.record.value));
      if (value % 3 === 0) taken.acknowledge('reject');
      else if (value % 3 === 1 && taken.deliveryCount === 1) taken.acknowledge('release');
      else taken.acknowledge('accept');
    });
    await until('90 records and 30 again', () => seen.length >= 120);
    await consumer.flush();
    const described = await until('all is dealt with', async () => {
      const group = await admin.describeGroup(topic);
      // One partition has all of them, which one is chance: of the other the group knows nothing.
      return group.partitions.some(({ lag }) => lag === 0) ? group : undefined;
    });
    expect(described).toMatchObject({ protocolType: 'share', state: 'Stable', members: [{}], partitions: [{}, {}] });
    const again = seen.filter(({ deliveryCount }) => deliveryCount === 2);
    expect(valuesOf(again).sort(ascending)).toEqual(Array.from({ length: 30 }, (_, index) => 3 * index + 1));
    await consumer.close();
    await fill(topic, 1);
    const late: TakenShareRecord[] = [];
    const next = await consumerOf(topic, (taken) => late.push(taken), { acknowledgement: 'implicit' });
    await until('the new one', () => late.length > 0);
    await next.flush();
    expect(late).toHaveLength(1);
    await next.close();
  });

  it('keeps what is renewed, and hands out again what is neither acknowledged nor renewed while its lock lasts', async () => {
    const topic = await topicOf(1);
    await fill(topic, 2);
    const held: TakenShareRecord[] = [];
    // Whose the record is next is the broker's choice: the one that let the lock go by may get it too.
    const again: TakenShareRecord[] = [];
    const takeAgain = (taken: TakenShareRecord) => {
      again.push(taken);
      taken.acknowledge('accept');
    };
    const first = await consumerOf(topic, (taken) => (held.length < 2 ? held.push(taken) : takeAgain(taken)));
    await until('two records', () => held.length === 2);
    expect(first.lockMs).toBe(3_000);
    const second = await consumerOf(topic, takeAgain);
    const since = performance.now();
    let renewedAt = 0;
    await until(
      'the one that was let go, while the renewed one stays for two lifetimes of a lock',
      () => {
        if (performance.now() - renewedAt > 500) held[0]!.acknowledge('renew');
        if (performance.now() - renewedAt > 500) renewedAt = performance.now();
        return again.length > 0 && performance.now() - since > 2 * first.lockMs;
      },
      30_000,
    );
    expect(again.map(({ record }) => record.offset)).toEqual([held[1]!.record.offset]);
    held[0]!.acknowledge('accept');
    await first.flush();
    await first.close();
    await second.close();
  });

  it('tells when a record is acknowledged too late', async () => {
    const topic = await topicOf(1);
    await fill(topic, 2);
    const refused: string[] = [];
    const held: TakenShareRecord[] = [];
    const consumer = await consumerOf(
      topic,
      (taken) => held.push(taken),
      {},
      { unacknowledged: (_topic, partition, error) => refused.push(`${partition} ${error.code}`) },
    );
    await until('both are handed out again', () => held.length === 4, 30_000);
    const [late, now] = held.filter(({ record }) => record.offset === 1);
    now!.acknowledge('accept');
    await consumer.flush();
    late!.acknowledge('accept');
    await consumer.flush();
    expect(refused).toEqual(['0 KAFKA_INVALID_RECORD_STATE']);
    await consumer.close();
  });

  it('passes over the markers of transactions', async () => {
    const topic = await topicOf(1);
    const producer = new TransactionalProducer(connection, { transactionalId: topic });
    await producer.init();
    for (let round = 0; round < 5; round++) {
      producer.begin();
      await producer.send({ topic, value: Buffer.from(`${round}`) });
      await producer.commit();
    }
    await producer.close();
    const seen: TakenShareRecord[] = [];
    const consumer = await consumerOf(topic, (taken) => seen.push(taken), { acknowledgement: 'implicit' });
    await until('five', () => seen.length >= 5);
    await consumer.flush();
    expect(valuesOf(seen)).toEqual([0, 1, 2, 3, 4]);
    await consumer.close();
  });
});

it('says clearly that the bundled cluster serves no share groups', async () => {
  const cluster = await startBundledCluster(1);
  const connection = testConnection({ bootstrapServers: cluster.bootstrap });
  const consumer = new ShareConsumer(connection, { groupId: 'g', topics: ['t'] }, { readable: () => {} });
  await expect(consumer.start()).rejects.toMatchObject({
    code: 'KAFKA_UNSUPPORTED_VERSION',
    message: expect.stringContaining('this cluster does not serve share groups'),
  });
  await cluster.stop();
});
