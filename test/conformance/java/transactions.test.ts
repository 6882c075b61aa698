import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { TransactionalProducer } from '../../../engine/kafka/transactional-producer.ts';
import { kafkaLibs, runKafkaClass, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import { until } from '../../kit/until.ts';

const reason = whyNoApacheKafka();
const title = `Apache Kafka 4.4.0's own transactions${reason ? ` (skipped: ${reason})` : ''}`;
const tools = 'org.apache.kafka.tools';

describe.skipIf(reason)(title, () => {
  let cluster: BundledCluster;
  let connection: KafkaConnection;

  beforeAll(async () => {
    kafkaLibs();
    cluster = await startBundledCluster(3);
    connection = testConnection({ bootstrapServers: cluster.bootstrap });
  });
  afterAll(() => cluster.stop());

  const createTopic = (topic: string, partitions: number) =>
    runKafkaClass(`${tools}.TopicCommand`, [
      '--bootstrap-server',
      cluster.bootstrap,
      '--create',
      '--topic',
      topic,
      '--partitions',
      String(partitions),
    ]);
  const transactions = (...args: string[]) =>
    runKafkaClass(`${tools}.TransactionsCommand`, ['--bootstrap-server', cluster.bootstrap, ...args]);

  /** Everything of a topic that is committed. */
  async function committed(topic: string): Promise<string[]> {
    const values: string[] = [];
    const settings = { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true } as const;
    const reader = new AssignedReader(connection, { ...settings, isolation: 'read_committed' }, () => {});
    await reader.start();
    await until(`the end of ${topic}`, () => {
      for (let record = reader.next(); record; record = reader.next()) values.push(String(record.value));
      return reader.isPastStart;
    });
    await reader.close();
    return values;
  }

  it('TransactionalMessageCopier copies every record once, whatever it aborts on its way', async () => {
    createTopic('copied-from', 1);
    createTopic('copied-to', 3);
    const count = 1_000;
    const values = Array.from({ length: count }, (_, index) => String(index));
    const producer = new KafkaProducer(connection);
    await Promise.all(
      values.map((value) => producer.send({ topic: 'copied-from', partition: 0, value: Buffer.from(value) })),
    );
    await producer.close();
    const output = runKafkaClass(
      `${tools}.TransactionalMessageCopier`,
      [
        ['--broker-list', cluster.bootstrap],
        ['--input-topic', 'copied-from', '--input-partition', '0', '--output-topic', 'copied-to'],
        ['--transactional-id', 'copier', '--consumer-group', 'copiers', '--transaction-size', '37'],
        ['--enable-random-aborts', '--use-group-metadata'],
      ].flat(),
      150_000,
    );
    expect(output).toContain('"remaining":0');
    await until('the last markers', async () => (await committed('copied-to')).length >= count);
    expect((await committed('copied-to')).sort()).toEqual([...values].sort());
  });

  it('TransactionsCommand lists, describes and ends what is open', async () => {
    createTopic('watched', 1);
    const producer = new TransactionalProducer(connection, { transactionalId: 'watched-id' });
    await producer.init();
    producer.begin();
    await producer.send({ topic: 'watched', partition: 0, value: Buffer.from('open') });
    expect(transactions('list')).toMatch(/watched-id\s+\d+\s+\d+\s+Ongoing/);
    expect(transactions('describe', '--transactional-id', 'watched-id')).toMatch(/Ongoing\s+.*watched-0/);
    const producers = transactions('describe-producers', '--topic', 'watched', '--partition', '0');
    expect(producers).toMatch(/ProducerId\s+ProducerEpoch\s+LatestCoordinatorEpoch/);
    expect(producers).toMatch(/^\d+\s+\d+\s+-1\s+0\s+\d+\s+0\s*$/m);
    expect(transactions('find-hanging', '--topic', 'watched')).not.toContain('watched ');
    transactions('abort', '--topic', 'watched', '--partition', '0', '--start-offset', '0');
    expect(transactions('describe-producers', '--topic', 'watched', '--partition', '0')).toMatch(/None\s*$/m);
    await producer.close();
  });
});
