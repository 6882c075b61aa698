import { Producer } from '@platformatic/kafka';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { cpuSeconds } from './process-usage.ts';
import { createTopic } from './topics.ts';

const valueBytes = 1024;
const recordsPerSend = 1000;
const sendsInFlight = 4;

export interface ProduceFigures {
  readonly mbPerSecond: number;
  readonly recordsPerSecond: number;
  /** Of all brokers together. */
  readonly brokerCpuUsPerRecord: number;
}

/** Produces `records` of 1 KiB with acks=all and replication 3 into three partitions, 1000 a send, four sends in flight. MB count values only. */
export async function measureProduce(
  cluster: ClusterUnderTest,
  topic: string,
  records: number,
): Promise<ProduceFigures> {
  await createTopic(cluster.bootstrap, topic, 3);
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: cluster.bootstrap.split(','), retries: 5 });
  const value = Buffer.alloc(valueBytes, 'x');
  let partition = 0;
  const send = () => {
    const target = partition++ % 3;
    return producer.send({
      acks: -1,
      messages: Array.from({ length: recordsPerSend }, () => ({ topic, value, partition: target })),
    });
  };
  try {
    await send();
    const cpuBefore = cpuSeconds(cluster.pids);
    const started = performance.now();
    let left = Math.ceil(records / recordsPerSend);
    const sent = left * recordsPerSend;
    await Promise.all(
      Array.from({ length: sendsInFlight }, async () => {
        while (left-- > 0) await send();
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    return {
      mbPerSecond: (sent * valueBytes) / 1e6 / seconds,
      recordsPerSecond: sent / seconds,
      brokerCpuUsPerRecord: ((cpuSeconds(cluster.pids) - cpuBefore) * 1e6) / sent,
    };
  } finally {
    await producer.close();
  }
}
