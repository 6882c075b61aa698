import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { apis } from '../../engine/protocol/api-keys.ts';
import { encodeBatch } from '../../engine/records/record-batch.ts';
import { startApacheKafka, whyNoApacheKafka } from '../kit/apache-kafka.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import { RawClient } from '../kit/raw-client.ts';
import { until } from '../kit/until.ts';
import { cpuSeconds, residentMb } from './process-usage.ts';

/** What is compacted: so many records of 1 KiB over so many keys, in segments of 128 MiB, on one broker. */
export interface CompactionPlan {
  readonly records: number;
  readonly keys: number;
}

export interface CompactionFigures {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** From the moment that the topic is compacted until the log has its size, with at most a rest of 100 ms before. */
  readonly seconds: number;
  readonly mbPerSecond: number;
  readonly cpuSeconds: number;
  /** Resident memory before, and the most while it was under way, in MB. */
  readonly residentMb: number;
  readonly residentMbMax: number;
  /** Longest time that a produce request with acks=all took while the log was compacted, in ms. */
  readonly slowestProduceMs: number;
}

const topic = 'table';
const valueBytes = 1_024;
const recordsPerBatch = 500;
const segmentBytes = 128 * 1024 * 1024;
const compactionMsMax = 200_000;
const settings = { 'log.cleaner.backoff.ms': '100' };

interface OneBroker {
  readonly bootstrap: string;
  readonly pids: readonly number[];
}

/** Fills a topic, lets it be compacted, and says what that took. */
async function measureCompaction({ bootstrap, pids }: OneBroker, plan: CompactionPlan): Promise<CompactionFigures> {
  const client = new RawClient(bootstrap);
  const probe = new RawClient(bootstrap);
  try {
    await create(client, topic, { 'segment.bytes': String(segmentBytes), 'min.cleanable.dirty.ratio': '0.01' });
    await create(client, 'beside', {});
    await fill(client, plan);
    const bytesBefore = await sizeOf(client);
    const before = residentMb(pids)[0] ?? Number.NaN;
    const cpuBefore = cpuSeconds(pids);
    const startedMs = performance.now();
    const change = { name: 'cleanup.policy', configOperation: 0, value: 'compact' };
    await client.call(apis.incrementalAlterConfigs, 1, {
      resources: [{ resourceType: 2, resourceName: topic, configs: [change] }],
      validateOnly: false,
    });
    let residentMbMax = before;
    let slowestProduceMs = 0;
    const compacted = plan.keys * (valueBytes + 100) + segmentBytes;
    await until(
      `the log is at most ${compacted} bytes`,
      async () => {
        residentMbMax = Math.max(residentMbMax, residentMb(pids)[0] ?? 0);
        const sentMs = performance.now();
        await produce(probe, 'beside', batchOf(0, 1, 1));
        slowestProduceMs = Math.max(slowestProduceMs, performance.now() - sentMs);
        return (await sizeOf(client)) <= compacted;
      },
      compactionMsMax,
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    return {
      bytesBefore,
      bytesAfter: await sizeOf(client),
      seconds,
      mbPerSecond: bytesBefore / 1e6 / seconds,
      cpuSeconds: cpuSeconds(pids) - cpuBefore,
      residentMb: before,
      residentMbMax: Math.max(residentMbMax, highestMb(pids)),
      slowestProduceMs,
    };
  } finally {
    client.close();
    probe.close();
  }
}

/** The most that a process ever had resident, in MB. */
function highestMb(pids: readonly number[]): number {
  const kb = pids.map((pid) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]));
  return Math.round((Math.max(...kb) * 1_024) / 1e6);
}

async function create(client: RawClient, name: string, config: Readonly<Record<string, string>>): Promise<void> {
  const configs = Object.entries(config).map(([setting, value]) => ({ name: setting, value }));
  const wanted = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs };
  await client.call(apis.createTopics, 7, { topics: [wanted], timeoutMs: 5_000, validateOnly: false });
  await until(`${name} takes records`, async () => (await produce(client, name, batchOf(0, 1, 1))) === 0);
}

async function produce(client: RawClient, name: string, records: Buffer): Promise<number | undefined> {
  const topicData = [{ name, partitionData: [{ index: 0, records }] }];
  const answer = await client.call(apis.produce, 9, { transactionalId: null, acks: -1, timeoutMs: 10_000, topicData });
  return answer.responses[0]?.partitionResponses[0]?.errorCode;
}

async function fill(client: RawClient, { records, keys }: CompactionPlan): Promise<void> {
  for (let from = 0; from < records; from += recordsPerBatch) {
    const code = await produce(client, topic, batchOf(from, recordsPerBatch, keys));
    if (code !== 0) throw new Error(`expected the records to be taken, found error ${code}`);
  }
}

/** Keys in an order that looks like none, the same for everybody. */
function batchOf(from: number, count: number, keys: number): Buffer {
  const value = Buffer.alloc(valueBytes, 'v');
  const records = Array.from({ length: count }, (_, index) => {
    const mixed = Math.imul(from + index, 0x9e3779b1) >>> 0;
    return { key: Buffer.from(`key-${((mixed ^ (mixed >>> 15)) >>> 0) % keys}`), value };
  });
  return encodeBatch({ records, baseTimestamp: Date.now() });
}

async function sizeOf(client: RawClient): Promise<number> {
  const answer = await client.call(apis.describeLogDirs, 3, { topics: [{ topic, partitions: [0] }] });
  return answer.results[0]?.topics[0]?.partitions[0]?.partitionSize ?? Number.NaN;
}

async function measureOurs(plan: CompactionPlan): Promise<void> {
  const cluster = await startBundledCluster(1, settings);
  try {
    const pids = cluster.handle.status().brokers.map(({ pid }) => pid ?? -1);
    console.log('Millrace', await measureCompaction({ bootstrap: cluster.bootstrap, pids }, plan));
  } finally {
    await cluster.stop();
  }
}

async function measureApacheKafka(plan: CompactionPlan): Promise<void> {
  const cluster = await startApacheKafka({ nodes: 1, config: settings });
  try {
    console.log('Apache Kafka', await measureCompaction(cluster, plan));
  } finally {
    await cluster.stop();
  }
}

/** `node test/bench/compaction.ts [records] [keys] [--millrace | --kafka]`: one run of each, or of one. */
async function main(): Promise<void> {
  const [records = 2_000_000, keys = 300_000] = process.argv
    .slice(2)
    .filter((text) => /^\d+$/.test(text))
    .map(Number);
  const plan = { records, keys };
  console.log(plan, 'load average', loadavg());
  if (!process.argv.includes('--kafka')) await measureOurs(plan);
  const reason = process.argv.includes('--millrace') ? 'not asked for' : whyNoApacheKafka();
  if (reason) console.log(`Apache Kafka is left out: ${reason}`);
  else await measureApacheKafka(plan);
  console.log('load average', loadavg());
}

await main();
