import { Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../engine/host/process-identity.ts';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import { GroupConsumer } from '../../engine/kafka/group-consumer.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { until } from '../kit/until.ts';

const resumeWithinMs = 5_000;

let cluster: BundledCluster;
const clients: { close(force?: boolean): unknown }[] = [];

beforeEach(async () => {
  cluster = await startBundledCluster(3);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close(true);
  await cluster.stop();
});

function newProducer() {
  const producer = new Producer({
    clientId: 'test-producer',
    bootstrapBrokers: cluster.bootstrap.split(','),
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
    idempotent: true,
    autocreateTopics: true,
    retries: 50,
    retryDelay: 100,
    timeout: 3_000,
    connectTimeout: 1_000,
    metadataMaxAge: 500,
  });
  clients.push(producer);
  return producer;
}

/** Sends `count` records and returns their values; each send is awaited, so all of them are acknowledged. */
async function send(producer: ReturnType<typeof newProducer>, topic: string, prefix: string, count: number) {
  const values: string[] = [];
  for (let index = 0; index < count; index++) {
    const value = `${prefix}-${index}`;
    await producer.send({ messages: [{ topic, key: `key-${index}`, value }] });
    values.push(value);
  }
  return values;
}

/** Everything in a topic, read from its start by a new group until all `expected` values have come. */
async function readAll(topic: string, expected: readonly string[]): Promise<string[]> {
  const consumer = new Consumer({
    clientId: 'test-consumer',
    groupId: `group-${performance.now()}`,
    bootstrapBrokers: cluster.bootstrap.split(','),
    deserializers: stringDeserializers,
    retries: 50,
    retryDelay: 100,
  });
  clients.push(consumer);
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: true, maxWaitTime: 100 });
  const missing = new Set(expected);
  const values: string[] = [];
  for await (const message of stream) {
    values.push(message.value);
    missing.delete(message.value);
    if (missing.size === 0) break;
  }
  return values;
}

async function metric(brokerId: number, name: string): Promise<number> {
  const row = cluster.handle.status().brokers.find(({ id }) => id === brokerId);
  const text = await (await fetch(`http://${row?.host}:${row?.port}/metrics`)).text();
  return Number(new RegExp(`^millrace_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** The broker for which a gauge is not 0. */
async function brokerWith(name: string, brokerIds = [1, 2, 3]): Promise<number> {
  for (const id of brokerIds) if ((await metric(id, name)) > 0) return id;
  throw new Error(`expected a broker with ${name}, found none`);
}

describe('a cluster of three processes', () => {
  it('replicates what it acknowledges and serves it to groups', async () => {
    const values = await send(newProducer(), 'orders', 'a', 100);
    const read = await readAll('orders', values);
    expect(read.toSorted()).toEqual(values.toSorted());
    for (const id of [1, 2, 3]) {
      await until('all in-sync', async () => (await metric(id, 'under_replicated_partitions')) === 0);
      expect(await metric(id, 'partitions')).toBe(11);
    }
  });

  it('loses nothing that was acknowledged when a leader is killed, and goes on within 5 s', async () => {
    const producer = newProducer();
    const before = await send(producer, 'orders', 'before', 50);
    const leader = await brokerWith('leader_count');
    await cluster.handle.kill(leader);
    const killedAtMs = performance.now();
    const first = await send(producer, 'orders', 'after', 30);
    const tookMs = performance.now() - killedAtMs;
    expect(tookMs).toBeLessThan(resumeWithinMs);
    const expected = [...before, ...first];
    expect(new Set(await readAll('orders', expected))).toEqual(new Set(expected));
    await cluster.handle.restart(leader);
    const others = [1, 2, 3].filter((id) => id !== leader);
    await until('the broker is in sync again', async () => {
      const counts = await Promise.all(others.map((id) => metric(id, 'under_replicated_partitions')));
      return counts.every((count) => count === 0);
    });
  });

  it('keeps order and loses nothing for a consumer group that reads on while a leader is killed', async () => {
    const topic = 'steady';
    const connection = testConnection({ transport: 'websocket', bootstrapServers: cluster.bootstrap });
    const admin = new KafkaAdmin(connection);
    await admin.createTopic({ name: topic, partitions: 3 });
    await admin.close();
    const seen = new Map<number, number[]>();
    const consumer = new GroupConsumer(
      connection,
      { groupId: 'steady-readers', topics: [topic], startAt: 'earliest' },
      {
        readable: () => {
          for (let taken = consumer.take(); taken; taken = consumer.take()) {
            const { partition, value } = taken.record;
            seen.set(partition, [...(seen.get(partition) ?? []), Number(value)]);
            taken.settle();
          }
        },
      },
    );
    await consumer.start();
    const producer = newProducer();
    let isEnough = false;
    const gapsMs: number[] = [];
    /** Sends 0, 1, 2, ... to one partition, each after the acknowledgement of the one before; returns how many. */
    const sendSteadily = async (partition: number): Promise<number> => {
      for (let next = 0; ; next++) {
        const startedAtMs = performance.now();
        await producer.send({ messages: [{ topic, partition, key: '', value: String(next) }] });
        gapsMs.push(performance.now() - startedAtMs);
        if (isEnough) return next + 1;
      }
    };
    const sending = Promise.all([0, 1, 2].map(sendSteadily));
    await until('records arrive from every partition', () => [0, 1, 2].every((id) => (seen.get(id)?.length ?? 0) > 50));
    const leader = await brokerWith('leader_count');
    const before = [0, 1, 2].map((id) => seen.get(id)?.length ?? 0);
    await cluster.handle.kill(leader);
    await until('every partition goes on', () =>
      [0, 1, 2].every((id) => (seen.get(id)?.length ?? 0) > (before[id] ?? 0) + 50),
    );
    isEnough = true;
    const counts = await sending;
    await until('the group has everything', () =>
      [0, 1, 2].every((id) => (seen.get(id)?.length ?? 0) >= (counts[id] ?? 0)),
    );
    await consumer.close();
    for (const id of [0, 1, 2])
      expect(seen.get(id)).toEqual(Array.from({ length: counts[id] ?? 0 }, (_, index) => index));
    expect(Math.max(...gapsMs)).toBeLessThan(resumeWithinMs);
  });

  it('goes on when the active controller is killed', async () => {
    const producer = newProducer();
    const before = await send(producer, 'orders', 'before', 20);
    const controller = await brokerWith('active_controller');
    await cluster.handle.kill(controller);
    const killedAtMs = performance.now();
    const after = await send(producer, 'orders', 'after', 30);
    expect(performance.now() - killedAtMs).toBeLessThan(resumeWithinMs);
    // A new topic needs the new controller.
    const other = await send(producer, 'returns', 'x', 5);
    expect(new Set(await readAll('orders', [...before, ...after]))).toEqual(new Set([...before, ...after]));
    expect(new Set(await readAll('returns', other))).toEqual(new Set(other));
  });

  it('keeps everything over a restart of all brokers, in order and by kill', async () => {
    const values = await send(newProducer(), 'orders', 'a', 60);
    for (const id of [1, 2, 3]) await cluster.handle.stopBroker(id);
    await Promise.all([1, 2, 3].map((id) => cluster.handle.restart(id)));
    const second = await send(newProducer(), 'orders', 'b', 20);
    await Promise.all([1, 2, 3].map((id) => cluster.handle.kill(id)));
    await Promise.all([1, 2, 3].map((id) => cluster.handle.restart(id)));
    const expected = [...values, ...second];
    expect(new Set(await readAll('orders', expected))).toEqual(new Set(expected));
  });

  it('hands leaderships over when a broker is restarted in order, without an error for producers', async () => {
    const producer = newProducer();
    const values = await send(producer, 'orders', 'a', 10);
    const sending = send(producer, 'orders', 'during', 100);
    for (const id of [1, 2, 3]) await cluster.handle.restart(id);
    const expected = [...values, ...(await sending)];
    expect(new Set(await readAll('orders', expected))).toEqual(new Set(expected));
  });

  it('leaves no process behind', async () => {
    const pids = cluster.handle.status().brokers.map(({ pid }) => pid ?? 0);
    expect(pids.map((pid) => isRunning(pid))).toEqual([true, true, true]);
    await cluster.handle.stop();
    expect(pids.map((pid) => isRunning(pid))).toEqual([false, false, false]);
  });
});
