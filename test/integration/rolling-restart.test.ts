import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { AssignedReader } from '../../engine/kafka/assigned-reader.ts';
import { KafkaProducer } from '../../engine/kafka/producer.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { millrace } from '../kit/millrace.ts';
import { until } from '../kit/until.ts';

const whyNoKcat = spawnSync('kcat', ['-V']).status === 0 ? undefined : 'no kcat on this machine';
/** Records of one producer that are not acknowledged yet. */
const inFlightMax = 200;

let cluster: BundledCluster;

beforeAll(async () => {
  cluster = await startBundledCluster(3);
});
afterAll(() => cluster?.stop());

/** A producer that sends without a pause, and what became of each record. */
function loadWith(producer: KafkaProducer, topic: string) {
  const acknowledged = new Set<string>();
  const failures: Error[] = [];
  let isOver = false;
  const one = (value: string) =>
    new Promise<void>((resolve) => {
      producer.deliver(
        { topic, key: Buffer.from(value), value: Buffer.from(value) },
        {
          sent: () => {
            acknowledged.add(value);
            resolve();
          },
          failed: (error) => {
            failures.push(error);
            resolve();
          },
        },
      );
    });
  const lanes = Array.from({ length: inFlightMax }, async (_, lane) => {
    for (let index = 0; !isOver; index++) await one(`${lane}-${index}`);
  });
  return {
    acknowledged,
    failures,
    end: async () => {
      isOver = true;
      await Promise.all(lanes);
    },
  };
}

async function valuesOf(topic: string): Promise<string[]> {
  const connection = testConnection({ bootstrapServers: cluster.bootstrap });
  let wake = () => {};
  const reader = new AssignedReader(
    connection,
    { topic, partitions: undefined, from: { kind: 'earliest' }, untilEnd: true },
    () => wake(),
  );
  const values: string[] = [];
  await reader.start();
  for (;;) {
    const record = reader.next();
    if (record) values.push(String(record.value));
    else if (reader.isPastStart) break;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  await reader.close();
  return values;
}

async function createTopic(name: string): Promise<void> {
  const admin = new KafkaAdmin(testConnection({ bootstrapServers: cluster.bootstrap }));
  await admin.createTopic({ name, partitions: 6 });
  await admin.close();
}

const restart = () => millrace(['cluster', 'restart', '--rolling', '--data', cluster.dataFolder]);

it('a rolling restart under load fails not one acks=all produce, and loses nothing', async () => {
  await createTopic('under-load');
  const connection = testConnection({ bootstrapServers: cluster.bootstrap });
  const producer = new KafkaProducer(connection, { acks: 'all', deliveryWaitMsMax: 30_000 });
  const load = loadWith(producer, 'under-load');
  await until('records are acknowledged', () => load.acknowledged.size > 1_000);
  const pids = cluster.handle.status().brokers.map(({ pid }) => pid);
  const { code, error } = await restart();
  expect({ code, error }).toMatchObject({ code: 0, error: expect.stringContaining('restarting broker 3 (3 of 3)') });
  await load.end();
  await producer.close();
  expect(load.failures).toEqual([]);
  const after = cluster.handle.status().brokers.map(({ pid }) => pid);
  expect(after.filter((pid) => pids.includes(pid))).toEqual([]);
  const values = await valuesOf('under-load');
  expect(values).toHaveLength(load.acknowledged.size);
  expect(new Set(values)).toEqual(load.acknowledged);
}, 180_000);

it.skipIf(whyNoKcat !== undefined)(
  `kcat notices nothing of a rolling restart${whyNoKcat ? ` (skipped: ${whyNoKcat})` : ''}`,
  async () => {
    await createTopic('of-kcat');
    const settings = ['acks=all', 'message.timeout.ms=30000', 'linger.ms=5', 'enable.idempotence=true'];
    const args = ['-P', '-b', cluster.bootstrap, '-t', 'of-kcat', ...settings.flatMap((setting) => ['-X', setting])];
    const kcat = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    kcat.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    let sent = 0;
    const feed = setInterval(() => {
      for (let index = 0; index < 20; index++) kcat.stdin.write(`line-${sent++}\n`);
    }, 10);
    const { code } = await restart();
    expect(code).toBe(0);
    clearInterval(feed);
    kcat.stdin.end();
    const [exit] = await once(kcat, 'close');
    expect({ exit, failed: /delivery failed|message timed out/i.test(said) }).toEqual({ exit: 0, failed: false });
    const values = await valuesOf('of-kcat');
    expect(values).toHaveLength(sent);
    expect(new Set(values).size).toBe(sent);
  },
  180_000,
);

it('restarts all brokers at once where clients may wait', async () => {
  const pids = cluster.handle.status().brokers.map(({ pid }) => pid);
  expect(await millrace(['cluster', 'restart', '--data', cluster.dataFolder])).toMatchObject({ code: 0 });
  const { brokers } = cluster.handle.status();
  expect(brokers.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  expect(brokers.some(({ pid }) => pids.includes(pid))).toBe(false);
});

it('says when there is nothing to restart', async () => {
  const { code, out } = await millrace(['cluster', 'restart', '--rolling', '--data', '/no/such']);
  expect({ code, out }).toEqual({ code: 1, out: 'No cluster runs in /no/such.\n' });
});
