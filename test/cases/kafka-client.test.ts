import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { ReceivedRecord } from '../../engine/kafka/received-record.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';

/** Longest that a producer may stand still when its leader is killed: 1.5 s is promised, the rest is for a busy machine. */
const standstillMsMax = 3_000;

describe('cases of the Kafka client', () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;
  let admin: KafkaAdmin;

  beforeAll(async () => {
    cluster = await startBundledCluster(3);
    connection = testConnection({ transport: 'websocket', bootstrapServers: cluster.bootstrap });
    admin = new KafkaAdmin(connection);
  });
  afterAll(async () => {
    await admin.close();
    await cluster.stop();
  });

  async function read(topic: string, count: number): Promise<ReceivedRecord[]> {
    const records: ReceivedRecord[] = [];
    const reader = new AssignedReader(
      connection,
      { topic, partitions: undefined, from: { kind: 'earliest' } },
      () => {},
    );
    await reader.start();
    await until(`${count} records of ${topic}`, () => {
      for (let record = reader.next(); record; record = reader.next()) records.push(record);
      return records.length >= count;
    });
    await reader.close();
    return records;
  }

  it('15: records a month apart in one batch keep their times', async () => {
    await admin.createTopic({
      name: 'times',
      partitions: 1,
      config: { 'message.timestamp.after.max.ms': '9223372036854775807' },
    });
    const times = [1_700_000_000_000, 1_700_000_000_000 + 45 * 86_400_000, 0, 1_600_000_000_000, 4_102_444_800_000];
    const producer = new KafkaProducer(connection);
    await Promise.all(
      times.map((timestampMs) => producer.send({ topic: 'times', value: Buffer.from('t'), timestampMs })),
    );
    await producer.close();
    expect((await read('times', times.length)).map(({ timestampMs }) => timestampMs)).toEqual(times);
  });

  it('17: a record without a time is sent and read as one without a time', async () => {
    await admin.createTopic({ name: 'timeless', partitions: 1 });
    const producer = new KafkaProducer(connection);
    const values = ['a', 'b'];
    await Promise.all(
      values.map((value) => producer.send({ topic: 'timeless', value: Buffer.from(value), timestampMs: -1 })),
    );
    await producer.close();
    expect((await read('timeless', 2)).map(({ timestampMs }) => timestampMs)).toEqual([-1, -1]);
  });

  it('30: records that fit one by one arrive, though together they are above the limit of the topic', async () => {
    await admin.createTopic({ name: 'narrow', partitions: 1, config: { 'max.message.bytes': '5000' } });
    const producer = new KafkaProducer(connection);
    const values = Array.from({ length: 150 }, (_, index) => `${index}`.padEnd(700, '.'));
    const sends = values.map((value) => producer.send({ topic: 'narrow', value: Buffer.from(value) }));
    const tooLarge = producer.send({ topic: 'narrow', value: Buffer.alloc(9_000) });
    await expect(tooLarge).rejects.toMatchObject({ code: 'KAFKA_MESSAGE_TOO_LARGE' });
    await Promise.all(sends);
    await producer.close();
    expect((await read('narrow', 150)).map(({ value }) => String(value))).toEqual(values);
  });

  it('35: the producer lives on when its topic is made anew with fewer partitions', async () => {
    await admin.createTopic({ name: 'anew', partitions: 4 });
    const producer = new KafkaProducer(connection);
    const send = (index: number) =>
      producer.send({ topic: 'anew', key: Buffer.from(`${index}`), value: Buffer.from(`${index}`) });
    await Promise.all(Array.from({ length: 40 }, (_, index) => send(index)));
    await admin.deleteTopic('anew');
    const sends = Array.from({ length: 20 }, (_, index) => send(100 + index));
    await admin.createTopic({ name: 'anew', partitions: 1 });
    sends.push(...Array.from({ length: 20 }, (_, index) => send(200 + index)));
    const sent = await Promise.all(sends);
    await producer.close();
    expect(new Set(sent.map(({ partition }) => partition))).toEqual(new Set([0]));
  });

  it('a running producer goes on soon after its leader was killed, without loss or repetition', async () => {
    await admin.createTopic({ name: 'killed', partitions: 1, replicas: 3 });
    const producer = new KafkaProducer(connection);
    let sent = 0;
    let acknowledgedAt = performance.now();
    let standstillMs = 0;
    const failures: Error[] = [];
    const send = () =>
      producer.deliver(
        { topic: 'killed', value: Buffer.from(`${sent++}`) },
        {
          sent: () => {
            standstillMs = Math.max(standstillMs, performance.now() - acknowledgedAt);
            acknowledgedAt = performance.now();
          },
          failed: (error) => failures.push(error),
        },
      );
    await until('some are sent', () => {
      send();
      return sent > 20;
    });
    const { partitions } = await admin.describeTopic('killed');
    const { pid } = cluster.handle.status().brokers.find(({ id }) => id === partitions[0]!.leader)!;
    process.kill(pid!, 'SIGKILL');
    const killedAt = performance.now();
    await until('it went on', () => {
      send();
      return acknowledgedAt > killedAt && performance.now() - killedAt > standstillMsMax;
    });
    await producer.close();
    expect(failures).toEqual([]);
    expect(standstillMs).toBeLessThan(standstillMsMax);
    const values = (await read('killed', sent)).map(({ value }) => Number(value));
    expect(values).toEqual(Array.from({ length: sent }, (_, index) => index));
  });
});
