import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../../engine/kafka/admin.ts';
import { AssignedReader } from '../../../engine/kafka/assigned-reader.ts';
import type { KafkaConnection } from '../../../engine/kafka/connection.ts';
import { KafkaProducer } from '../../../engine/kafka/producer.ts';
import { startApacheKafka, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { testConnection } from '../../kit/kafka-connections.ts';
import type { Millrace } from '../../kit/millrace.ts';
import { startMillrace } from '../../kit/millrace.ts';
import { until } from '../../kit/until.ts';

const whyNot = whyNoApacheKafka();
const waitMsMax = 120_000;

/** A process that sends two records for each that it receives, exactly once; a record that says so cannot be mapped. */
function writeProject(folder: string, bootstrapServers: string): void {
  const receive = {
    ...{ connection: 'cluster', topics: ['source'], groupId: 'carriers', startFrom: 'earliest' },
    ...{ delivery: 'exactly-once', transactionTimeoutMs: 5_000, sessionTimeoutMs: 6_000, heartbeatIntervalMs: 500 },
  };
  const send = (topic: string, value: string) => ({
    ...{ type: 'kafka.send-message', name: topic, config: { connection: 'cluster', topic }, input: { value } },
  });
  const files = {
    'millrace.json': { format: 1, name: 'exact', version: '1.0.0' },
    'resources/cluster.kafka.json': {
      ...{ format: 1, type: 'kafka.connection', name: 'Cluster', config: { cluster: 'servers', bootstrapServers } },
    },
    'processes/carry.process.json': {
      ...{ format: 1, name: 'carry' },
      activities: {
        receive: { type: 'kafka.receive-message', name: 'Receive', config: receive, input: {} },
        first: send('first', 'receive.value.n'),
        second: send('second', '$number(receive.value.text)'),
        log: { type: 'general.log', name: 'Log', config: { level: 'debug' }, input: { message: 'receive.value.text' } },
      },
      transitions: [
        { id: 'a', from: 'receive', to: 'first', kind: 'success' },
        { id: 'b', from: 'first', to: 'second', kind: 'success' },
        { id: 'c', from: 'second', to: 'log', kind: 'success' },
      ],
    },
  };
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
}

/** Values that readers of committed records see, how often each. */
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

const clusters = [
  {
    name: `Apache Kafka 4.4.0${whyNot ? ` (skipped: ${whyNot})` : ''}`,
    whyNot,
    start: () => startApacheKafka({ nodes: 1, heapMb: 300 }),
  },
  { name: 'the bundled cluster', whyNot: undefined, start: () => startBundledCluster(3) },
];

describe.each(clusters)('processes on $name', ({ whyNot: reason, start: startCluster }) => {
  let kafka: { readonly bootstrap: string; stop(): Promise<void> };
  const running: Millrace[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'millrace-exactly-once-'));
  beforeAll(async () => {
    if (reason) return;
    kafka = await startCluster();
    writeProject(folder, kafka.bootstrap);
  }, 300_000);
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(reason)(
    'handle each record exactly once, though two of their instances are killed in the midst of it',
    async () => {
      const connection = testConnection({ bootstrapServers: kafka.bootstrap });
      const admin = new KafkaAdmin(connection);
      for (const name of ['source', 'first', 'second', 'source.dead-letter'])
        await admin.createTopic({ name, partitions: 3 });
      const start = () => {
        const started = startMillrace(['run', folder]);
        running.push(started);
        return started;
      };
      const killed = [start(), start()];
      const producer = new KafkaProducer(connection);
      let sent = 0;
      const poison = new Set<number>();
      const send = async (count: number) => {
        const numbers = Array.from({ length: count }, () => sent++);
        const values = numbers.map((n) => {
          if (n % 1_000 === 500) poison.add(n);
          return JSON.stringify({ n, text: poison.has(n) ? 'no number' : `${n}` });
        });
        await Promise.all(values.map((value) => producer.send({ topic: 'source', value: Buffer.from(value) })));
      };
      const committed = async () => {
        const { partitions } = await admin.describeGroup('carriers');
        return partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset ?? 0), 0);
      };
      await send(1_000);
      await until('some are carried over', async () => (await committed()) > 0, waitMsMax);
      for (const { child } of killed) {
        await send(2_000);
        const before = await committed();
        await until('it goes on', async () => (await committed()) > before, waitMsMax);
        child.kill('SIGKILL');
        start();
      }
      await send(1_000);
      await until('all are carried over', async () => (await committed()) === sent, waitMsMax);
      const good = sent - poison.size;
      for (const topic of ['first', 'second']) {
        const counts = await countsOf(connection, topic);
        expect([topic, counts.size, [...counts].filter(([, count]) => count !== 1)]).toEqual([topic, good, []]);
      }
      const aside = await countsOf(connection, 'source.dead-letter');
      expect([...aside.values()]).toEqual(Array.from(poison, () => 1));
      for (const { child } of running) child.kill('SIGTERM');
      expect(await Promise.all(running.slice(2).map(({ exit }) => exit))).toEqual([0, 0]);
      await producer.close();
      await admin.close();
    },
  );
});
