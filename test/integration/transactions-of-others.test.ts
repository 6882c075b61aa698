import { spawnSync } from 'node:child_process';
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { TransactionalProducer } from '../../engine/kafka/transactional-producer.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';

const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;

describe('transactions of other clients on the bundled cluster', () => {
  let cluster: BundledCluster;
  let admin: KafkaAdmin;

  beforeAll(async () => {
    cluster = await startBundledCluster(3);
    admin = new KafkaAdmin(testConnection({ bootstrapServers: cluster.bootstrap }));
  });
  afterAll(async () => {
    await admin?.close();
    await cluster?.stop();
  });

  const client = () => ({ clientId: 'other', bootstrapBrokers: cluster.bootstrap.split(',') });

  /** Everything of a topic that is committed, by @platformatic/kafka. */
  async function committed(topic: string, count: number): Promise<string[]> {
    const groupId = `readers-of-${topic}`;
    const consumer = new Consumer({ ...client(), groupId, deserializers: stringDeserializers, isolationLevel: 1 });
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 100 });
    const values: string[] = [];
    stream.on('data', ({ value }) => values.push(value));
    await until(`${count} records of ${topic}`, () => values.length >= count);
    await stream.close();
    await consumer.close();
    return values;
  }

  function kcat(args: readonly string[], input = ''): string {
    const result = spawnSync('kcat', ['-b', cluster.bootstrap, ...args], { input, encoding: 'utf8', timeout: 30_000 });
    if (result.status !== 0) throw new Error(`kcat ended with ${result.status ?? result.signal}:\n${result.stderr}`);
    return result.stdout;
  }

  it('@platformatic/kafka commits, aborts, and reads what is committed', async () => {
    const topic = 'platformatic';
    await admin.createTopic({ name: topic, partitions: 3 });
    const settings = { ...client(), serializers: stringSerializers, idempotent: true, transactionalId: topic };
    const producer = new Producer(settings);
    const send = async (isCommit: boolean, values: readonly string[]) => {
      const transaction = await producer.beginTransaction();
      await transaction.send({ messages: values.map((value) => ({ topic, key: value, value })) });
      await (isCommit ? transaction.commit() : transaction.abort());
    };
    await send(true, ['a', 'b', 'c']);
    await send(false, ['no', 'nor']);
    await send(true, ['d', 'e']);
    await producer.close();
    expect((await committed(topic, 5)).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('@platformatic/kafka and our own client read the same of what the other wrote and one of both left open', async () => {
    const topic = 'both';
    await admin.createTopic({ name: topic, partitions: 1 });
    const own = new TransactionalProducer(testConnection({ bootstrapServers: cluster.bootstrap }), {
      transactionalId: 'own',
    });
    await own.init();
    own.begin();
    await own.send({ topic, partition: 0, value: Buffer.from('first') });
    await own.commit();
    own.begin();
    await own.send({ topic, partition: 0, value: Buffer.from('aborted') });
    await own.abort();
    own.begin();
    await own.send({ topic, partition: 0, value: Buffer.from('last') });
    await own.commit();
    expect(await committed(topic, 2)).toEqual(['first', 'last']);
    await own.close();
  });

  it.skipIf(!hasKcat)(
    `librdkafka commits a transaction and hides what is aborted${hasKcat ? '' : ' (skipped: no kcat on this machine)'}`,
    async () => {
      const topic = 'librdkafka';
      await admin.createTopic({ name: topic, partitions: 1 });
      kcat(['-P', '-t', topic, '-p', '0', '-X', 'transactional.id=by-kcat'], 'one\ntwo\n');
      const own = new TransactionalProducer(testConnection({ bootstrapServers: cluster.bootstrap }), {
        transactionalId: 'beside-kcat',
      });
      await own.init();
      own.begin();
      await own.send({ topic, partition: 0, value: Buffer.from('aborted') });
      await own.abort();
      kcat(['-P', '-t', topic, '-p', '0', '-X', 'transactional.id=by-kcat'], 'three\n');
      const read = (isolation: string) =>
        kcat(['-C', '-t', topic, '-p', '0', '-o', 'beginning', '-e', '-q', '-X', `isolation.level=${isolation}`]);
      await until('what kcat committed', () => read('read_committed').includes('three'));
      expect(read('read_committed')).toBe('one\ntwo\nthree\n');
      expect(read('read_uncommitted')).toBe('one\ntwo\naborted\nthree\n');
      await own.close();
    },
  );
});
