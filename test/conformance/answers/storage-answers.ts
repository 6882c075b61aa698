import { apis } from '../../../engine/protocol/api-keys.ts';
import type { Compression } from '../../../engine/records/record-batch.ts';
import { batchesOf, encodeBatch, readBatchHeader } from '../../../engine/records/record-batch.ts';
import { compress } from '../../../engine/records/record-compress.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const hourMs = 3_600_000;

/** What producers, readers and admins are answered about the log of a partition. */
export async function storageAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const log = new Log(client);
  return {
    ...(await deletedRecords(log)),
    ...(await timestamps(log)),
    ...(await compressions(log)),
  };
}

/** Requests about partition 0 of a topic. */
class Log {
  readonly client: RawClient;

  constructor(client: RawClient) {
    this.client = client;
  }

  async create(name: string, configs: Readonly<Record<string, string>> = {}): Promise<void> {
    const settings = Object.entries(configs).map(([setting, value]) => ({ name: setting, value }));
    const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: settings };
    await this.client.call(apis.createTopics, 7, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
    await until(`${name} has a leader`, async () => {
      const partitions = [{ partitionIndex: 0, timestamp: -1 }];
      const answer = await this.client.call(apis.listOffsets, 7, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name, partitions }],
      });
      return answer.topics[0]?.partitions[0]?.errorCode === 0;
    });
  }

  async produce(name: string, records: Buffer) {
    const topicData = [{ name, partitionData: [{ index: 0, records }] }];
    const answer = await this.client.call(apis.produce, 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 5_000,
      topicData,
    });
    const row = answer.responses[0]?.partitionResponses[0];
    return { ...row, errorMessage: undefined, recordErrors: row?.recordErrors?.map(({ batchIndex }) => batchIndex) };
  }

  /** The end and the start. */
  async offsets(name: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const timestamp of [-1, -2]) {
      const topics = [{ name, partitions: [{ partitionIndex: 0, timestamp }] }];
      const answer = await this.client.call(apis.listOffsets, 7, { replicaId: -1, isolationLevel: 0, topics });
      found.push(answer.topics[0]?.partitions[0]?.offset);
    }
    return found;
  }

  async fetch(topic: string, fetchOffset: number) {
    const topics = [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 100_000 }] }];
    const answer = await this.client.call(apis.fetch, 12, { maxWaitMs: 0, minBytes: 0, isolationLevel: 0, topics });
    const row = answer.responses[0]?.partitions[0];
    return {
      errorCode: row?.errorCode,
      logStartOffset: row?.logStartOffset,
      batches: [...batchesOf(row?.records ?? Buffer.alloc(0))],
    };
  }

  async delete(name: string, offset: number | bigint, partitionIndex = 0) {
    const request = { topics: [{ name, partitions: [{ partitionIndex, offset: Number(offset) }] }], timeoutMs: 5_000 };
    return (await this.client.call(apis.deleteRecords, 2, request)).topics[0]?.partitions;
  }
}

function plain(timestamps: readonly number[], type: Compression = 'none'): Buffer {
  const records = timestamps.map((timestamp, index) => ({
    key: Buffer.from(`k${index}`),
    value: Buffer.from('x'.repeat(100)),
    timestamp,
  }));
  return encodeBatch({
    records,
    baseTimestamp: timestamps[0]!,
    compress: { type, apply: (bytes) => compress(type, bytes) },
  });
}

async function deletedRecords(log: Log): Promise<Record<string, unknown>> {
  await log.create('cut');
  await log.create('cut-compact', { 'cleanup.policy': 'compact' });
  await log.create('cut-both', { 'cleanup.policy': 'compact,delete' });
  const now = Date.now();
  for (const name of ['cut', 'cut-compact', 'cut-both'])
    for (let count = 0; count < 3; count++) await log.produce(name, plain([now, now]));
  const answers: unknown[] = [];
  for (const offset of [3, 1, 7, -2, -5, 2 ** 40])
    answers.push([offset, await log.delete('cut', offset), await log.offsets('cut')]);
  const middle = await log.fetch('cut', 3);
  const below = await log.fetch('cut', 2);
  answers.push(await log.delete('cut', -1), await log.offsets('cut'), (await log.fetch('cut', 6)).logStartOffset);
  const produced = await log.produce('cut', plain([now]));
  return {
    'deleted records': answers,
    'a fetch within a batch whose start is deleted': [
      middle.errorCode,
      middle.logStartOffset,
      middle.batches.map((batch) => readBatchHeader(batch).baseOffset),
    ],
    'a fetch below the start': [below.errorCode, below.logStartOffset, below.batches.length],
    'what a producer hears after that': produced,
    'deleted records elsewhere': [
      await log.delete('cut', 0, 9),
      await log.delete('nowhere', 0),
      await log.delete('cut-compact', 1),
      await log.delete('cut-both', 1),
      await log.delete('__consumer_offsets', 1),
    ],
  };
}

async function timestamps(log: Log): Promise<Record<string, unknown>> {
  await log.create('bounded', {
    'message.timestamp.before.max.ms': String(hourMs),
    'message.timestamp.after.max.ms': String(hourMs),
  });
  await log.create('appended', { 'message.timestamp.type': 'LogAppendTime' });
  const now = Date.now();
  const bounded: unknown[] = [];
  for (const [first, second] of [
    [now, now],
    [now - 2 * hourMs, now],
    [now, now + 2 * hourMs],
    [now, now - 2 * hourMs],
    [-1, -1],
  ] as const)
    bounded.push(await log.produce('bounded', plain([first, second])));
  const appended = await log.produce('appended', plain([now - 5 * hourMs, now + 5 * hourMs]));
  const batch = readBatchHeader((await log.fetch('appended', 0)).batches[0]!);
  return {
    'records out of the bounds of their time': bounded,
    'log-append time': [
      { ...appended, logAppendTimeMs: Math.abs(Number(appended.logAppendTimeMs) - now) < 60_000 },
      batch.attributes,
      batch.maxTimestamp === appended.logAppendTimeMs,
    ],
  };
}

async function compressions(log: Log): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const type of ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const name = `codec-${type}`;
    await log.create(name, { 'compression.type': type });
    const now = Date.now();
    for (const codec of ['none', 'gzip', 'zstd'] as const) await log.produce(name, plain([now, now + 1], codec));
    const { batches } = await log.fetch(name, 0);
    found[name] = batches.map((batch) => {
      const { baseOffset, lastOffset, attributes, recordCount, baseSequence } = readBatchHeader(batch);
      return { baseOffset, lastOffset, attributes, recordCount, baseSequence };
    });
  }
  return { 'codecs that are stored': found };
}
