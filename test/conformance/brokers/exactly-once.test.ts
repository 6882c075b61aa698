import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import type { ApacheKafka } from '../../kit/apache-kafka.ts';
import { startApacheKafka, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import { ExactlyOnceWorker } from '../../kit/exactly-once-worker.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import { until } from '../../kit/until.ts';

const whyNot = whyNoApacheKafka();
const waitMsMax = 120_000;

/** How often each value stands in a topic for readers of committed records. */
async function countsOf(connection: KafkaConnection, topic: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const settings = { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true } as const;
  const reader = new AssignedReader(connection, { ...settings, isolation: 'read_committed' }, () => {});
  await reader.start();
  await until(`the end of ${topic}`, () => {
    for (let record = reader.next(); record; record = reader.next())
      counts.set(String(record.value), (counts.get(String(record.value)) ?? 0) + 1);
    return reader.isPastStart;
  });
  await reader.close();
  return counts;
}

describe.skipIf(whyNot)(`three nodes of Apache Kafka 4.4.0${whyNot ? ` (skipped: ${whyNot})` : ''}`, () => {
  let kafka: ApacheKafka;
  beforeAll(async () => {
    kafka = await startApacheKafka({ nodes: 3, heapMb: 300 });
  }, 300_000);
  afterAll(() => kafka?.stop());

  it('carry each record over exactly once, though one of them is killed in the midst of it', async () => {
    const connection = testConnection({ bootstrapServers: kafka.bootstrap });
    const admin = new KafkaAdmin(connection);
    const [source, target] = ['source', 'target'];
    await admin.createTopic({ name: source, partitions: 4 });
    await admin.createTopic({ name: target, partitions: 2 });
    const workers = ['a', 'b'].map(
      (id) => new ExactlyOnceWorker(connection, { transactionalId: id, source, target, groupProtocol: 'consumer' }),
    );
    for (const worker of workers) await worker.start();
    const committed = async () => {
      const { partitions } = await admin.describeGroup(source);
      return partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset ?? 0), 0);
    };
    const producer = new KafkaProducer(connection);
    let sent = 0;
    const send = async (count: number) => {
      const values = Array.from({ length: count }, () => `${sent++}`);
      await Promise.all(values.map((value) => producer.send({ topic: source, value: Buffer.from(value) })));
    };
    await send(200);
    await until('some are carried over', async () => (await committed()) >= 100, waitMsMax);
    process.kill(kafka.pids[0]!, 'SIGKILL');
    for (let round = 0; round < 20; round++) await send(50);
    await until('all are carried over', async () => (await committed()) === sent, waitMsMax);
    for (const worker of workers) await worker.stop();
    await until('all are to be seen', async () => (await countsOf(connection, target)).size === sent, waitMsMax);
    const counts = await countsOf(connection, target);
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    await producer.close();
    await admin.close();
  });
});
