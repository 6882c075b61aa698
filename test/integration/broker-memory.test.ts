import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KafkaAdmin } from '../../engine/kafka/admin.ts';
import type { KafkaConnection } from '../../engine/kafka/connection.ts';
import { apis } from '../../engine/protocol/api-keys.ts';
import { encodeRequestFrame } from '../../engine/protocol/frame.ts';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { sendValues } from '../kit/topic-records.ts';
import { until } from '../kit/until.ts';

const mebibyte = 1_048_576;
const topic = 'wide';

let cluster: BundledCluster;
let connection: KafkaConnection;
let admin: KafkaAdmin;
let sockets: Socket[] = [];

beforeAll(async () => {
  cluster = await startBundledCluster(1);
  connection = testConnection({ bootstrapServers: cluster.bootstrap });
  admin = new KafkaAdmin(connection);
  await admin.createTopic({ name: topic, partitions: 1, replicas: 1 });
  await sendValues(
    connection,
    topic,
    Array.from({ length: 70 }, () => 'x'.repeat(800_000)),
  );
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(async () => {
  await admin.close();
  await cluster.stop();
});

/** Memory of the broker's process, in MiB. */
function resident(): number {
  const pid = cluster.handle.status().brokers[0]?.pid;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

async function dial(): Promise<Socket> {
  const [host, port] = cluster.bootstrap.split(':') as [string, string];
  const socket = connect({ host, port: Number(port) });
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** The largest memory while nothing moves any more: `moved` counts what does. */
async function peak(moved: () => number): Promise<number> {
  let largest = 0;
  let seen = -1;
  let stillSince = performance.now();
  await until(
    'everything stands still',
    () => {
      largest = Math.max(largest, resident());
      if (moved() !== seen) stillSince = performance.now();
      seen = moved();
      return performance.now() - stillSince > 1_500;
    },
    60_000,
  );
  return largest;
}

it.runIf(process.platform === 'linux')(
  'holds a bounded part of requests that never end, serves others, and gives the memory back (Linux tells memory)',
  async () => {
    const before = resident();
    const size = Buffer.alloc(4);
    size.writeInt32BE(95 * mebibyte);
    const chunk = Buffer.alloc(mebibyte);
    for (let count = 0; count < 12; count++) {
      const socket = await dial();
      socket.write(size);
      let left = 94;
      const write = (): void => {
        while (left-- > 0) if (!socket.write(chunk)) return;
      };
      socket.on('drain', write);
      write();
    }
    const largest = await peak(() =>
      sockets.reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0),
    );
    expect(largest - before).toBeLessThan(400);
    expect(await admin.listTopics()).toContain(topic);
    for (const socket of sockets) socket.destroy();
    await until('the memory is given back', () => resident() - before < 80, 10_000);
  },
);

it.runIf(process.platform === 'linux')(
  'holds a bounded part of responses that nobody reads, serves others, and gives the memory back (Linux tells memory)',
  async () => {
    const before = resident();
    const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 50 * mebibyte };
    const body = { maxWaitMs: 100, minBytes: 1, maxBytes: 50 * mebibyte, topics: [{ topic, partitions: [partition] }] };
    const request = Buffer.concat(
      encodeRequestFrame(apis.fetch.request, 11, { correlationId: 1, clientId: 'idle' }, body),
    );
    for (let count = 0; count < 20; count++) {
      const socket = await dial();
      socket.pause();
      for (let again = 0; again < 5; again++) socket.write(request);
    }
    const largest = await peak(() => Math.round(resident() / 8));
    expect(largest - before).toBeGreaterThan(20);
    expect(largest - before).toBeLessThan(400);
    expect(await admin.listTopics()).toContain(topic);
    for (const socket of sockets) socket.destroy();
    await until('the memory is given back', () => resident() - before < 80, 10_000);
  },
);
