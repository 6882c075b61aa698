import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer, Producer } from '@platformatic/kafka';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { createTopic } from './topics.ts';

const valueBytes = 1024;
const warmUpSeconds = 2;

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly messages: number;
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Load {
  readonly topic: string;
  readonly messagesPerSecond: number;
  readonly seconds: number;
}

async function sendSteadily(
  producer: Producer,
  { topic, messagesPerSecond }: Load,
  sentAt: Float64Array,
): Promise<void> {
  const count = sentAt.length;
  const started = performance.now();
  const pending: Promise<unknown>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = started + (index * 1000) / messagesPerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const value = Buffer.alloc(valueBytes);
    value.writeUInt32BE(index);
    sentAt[index] = performance.now();
    pending.push(producer.send({ acks: -1, messages: [{ topic, value, partition: 0 }] }));
  }
  await Promise.all(pending);
}

/**
 * End to end: from just before `send` until the consumer has the record, one record of 1 KiB a request, acks=all, replication 3,
 * all over one connection.
 */
export async function measureLatency(cluster: ClusterUnderTest, load: Load): Promise<LatencyFigures> {
  const { topic, messagesPerSecond, seconds } = load;
  await createTopic(cluster.bootstrap, topic, 1);
  const bootstrapBrokers = cluster.bootstrap.split(',');
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers, retries: 5 });
  const consumer = new Consumer({ clientId: 'bench', groupId: `bench-${topic}`, bootstrapBrokers, retries: 20 });
  const warmUpMessages = warmUpSeconds * messagesPerSecond;
  const count = warmUpMessages + seconds * messagesPerSecond;
  const sentAt = new Float64Array(count);
  const latencies = new Float64Array(count);
  // The first record waits until the group has its partitions; it is not measured.
  await producer.send({ acks: -1, messages: [{ topic, value: Buffer.alloc(4), partition: 0 }] });
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'earliest',
    maxWaitTime: 500,
    minBytes: 1,
    autocommit: false,
  });
  await once(stream, 'data');
  try {
    let received = 0;
    const allReceived = new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', (message) => {
        const index = message.value.readUInt32BE();
        latencies[index] = performance.now() - (sentAt[index] ?? 0);
        if (++received === count) resolve();
      });
    });
    await sendSteadily(producer, load, sentAt);
    await allReceived;
  } finally {
    await stream.close();
    await consumer.close(true);
    await producer.close();
  }
  const sorted = latencies.subarray(warmUpMessages).sort();
  return {
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? Number.NaN,
    messages: sorted.length,
  };
}
