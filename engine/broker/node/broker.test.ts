import { afterEach, expect, it } from 'vitest';
import { encodeBatch } from '../log/record-batch.ts';
import { apis } from '../protocol/api-keys.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const seed = 7;
const isVerbose = process.env.MILLRACE_VERBOSE !== undefined;
let cluster: MemoryCluster;

afterEach((context) => {
  if (context.task.result?.state === 'fail' || isVerbose) console.info(`seed ${seed}`);
});

function batch(value: string): Buffer {
  const records = [{ key: Buffer.from('k'), value: Buffer.from(value) }];
  return encodeBatch({ records, baseTimestamp: cluster.clock.now() });
}

async function isReady(ids: readonly number[]): Promise<void> {
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
}

/** Creates a topic by asking for it, and returns its id and leader once it has one. */
async function topicOf(name: string, askedOf: number): Promise<{ topicId: string; leaderId: number }> {
  for (;;) {
    const { topics } = await cluster.request(askedOf, apis.metadata, { topics: [{ name }] });
    const topic = topics[0];
    const leaderId = topic?.partitions[0]?.leaderId ?? -1;
    if (topic && leaderId !== -1) return { topicId: topic.topicId, leaderId };
  }
}

async function produce(leaderId: number, topicId: string, value: string) {
  const partitionData = [{ index: 0, records: batch(value) }];
  const body = { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData: [{ topicId, partitionData }] };
  const { responses } = await cluster.request(leaderId, apis.produce, body as never);
  return responses[0]?.partitionResponses[0];
}

it('runs one broker: metadata, produce, fetch, and the same after a restart in order', async () => {
  cluster = new MemoryCluster([1], seed);
  cluster.start(1);
  await isReady([1]);
  const { topicId, leaderId } = await topicOf('orders', 1);
  expect(await produce(leaderId, topicId, 'a')).toMatchObject({ errorCode: 0, baseOffset: 0 });
});
