import { Producer } from '@platformatic/kafka';
import type { Contender } from './cluster-under-test.ts';
import { residentMb } from './process-usage.ts';
import { createTopic } from './topics.ts';

export interface StartUpFigures {
  /** From the start of the processes to the first record acknowledged by three replicas. */
  readonly firstProduceMs: number;
  /** Of each broker, right after that. */
  readonly idleMb: readonly number[];
}

/** Cold start of three brokers on empty folders. The time of the first start of Kafka's formatting tool is not counted out. */
export async function measureStartUp(contender: Contender): Promise<StartUpFigures> {
  const started = performance.now();
  const cluster = await contender.start();
  try {
    await createTopic(cluster.bootstrap, 'first', 1);
    const producer = new Producer({
      clientId: 'bench',
      bootstrapBrokers: cluster.bootstrap.split(','),
      retries: 50,
      retryDelay: 50,
    });
    await producer.send({ acks: -1, messages: [{ topic: 'first', value: Buffer.from('hello') }] });
    const firstProduceMs = performance.now() - started;
    await producer.close();
    return { firstProduceMs, idleMb: residentMb(cluster.pids) };
  } finally {
    await cluster.stop();
  }
}
