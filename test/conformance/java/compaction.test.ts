import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../engine/base/log.ts';
import { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import { defaultLogConfig } from '../../../engine/broker/log/log-config.ts';
import { PartitionLog } from '../../../engine/broker/log/partition-log.ts';
import { NodeDisk } from '../../../engine/host/node-disk.ts';
import { apis } from '../../../engine/protocol/api-keys.ts';
import type { BatchInput, Compression, RecordInput } from '../../../engine/records/record-batch.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../../engine/records/record-batch.ts';
import { compress } from '../../../engine/records/record-compress.ts';
import { decompress } from '../../../engine/records/record-decompress.ts';
import type { ApacheKafka } from '../../kit/apache-kafka.ts';
import { runKafkaClass, startApacheKafka, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { BundledCluster } from '../../kit/bundled-cluster.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const reason = whyNoApacheKafka();
const title = `compaction beside Apache Kafka 4.4.0${reason ? ` (skipped: ${reason})` : ''}`;
const topic = 'table';
const startMs = Date.now() - 3_600_000;
/** A segment for each ten batches, by the times of their records. */
const segmentMs = 10_000;
const settings = { 'log.cleaner.backoff.ms': '200' };
const configs = {
  'cleanup.policy': 'compact',
  'segment.ms': String(segmentMs),
  'min.cleanable.dirty.ratio': '0.01',
  'delete.retention.ms': '0',
};

/** The same batches for everybody: keys that come again, tombstones, every codec, an idempotent producer. */
function batchAt(index: number, producer: Pick<BatchInput, 'producerId' | 'producerEpoch'>): Buffer {
  const timestamp = startMs + index * 1_000;
  const records: RecordInput[] = [0, 1, 2].map((part) => ({
    key: Buffer.from(`key-${(index * 3 + part) % 17}`),
    value: (index + part) % 5 === 0 ? null : Buffer.from(`${index}/${part}`),
    timestamp: timestamp + part,
    headers: part === 1 ? [{ key: 'h', value: Buffer.from('1') }] : [],
  }));
  const type = (['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)[index % 6] as Compression;
  const writer = index % 4 === 0 ? { ...producer, baseSequence: (index / 4) * 3 } : {};
  return encodeBatch({
    records,
    baseTimestamp: timestamp,
    ...writer,
    compress: { type, apply: (bytes) => compress(type, bytes) },
  });
}

class Peer {
  readonly client: RawClient;
  #producer: Pick<BatchInput, 'producerId' | 'producerEpoch'> = {};

  constructor(bootstrap: string) {
    this.client = new RawClient(bootstrap);
  }

  async create(): Promise<void> {
    const { client } = this;
    const given = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const wanted = { name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs: given };
    await client.call(apis.createTopics, 7, { topics: [wanted], timeoutMs: 5_000, validateOnly: false });
    await until('a producer id', async () => {
      const got = await client.call(apis.initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1_000 });
      this.#producer = { producerId: got.producerId, producerEpoch: got.producerEpoch };
      return got.errorCode === 0;
    });
  }

  async write(from: number, to: number): Promise<void> {
    for (let index = from; index < to; index++) {
      const records = batchAt(index, this.#producer);
      const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
      await until(`batch ${index} is taken`, async () => {
        const answer = await this.client.call(apis.produce, 9, {
          transactionalId: null,
          acks: -1,
          timeoutMs: 5_000,
          topicData,
        });
        return answer.responses[0]?.partitionResponses[0]?.errorCode === 0;
      });
    }
  }

  async batches(): Promise<Buffer[]> {
    const found: Buffer[] = [];
    for (let offset = 0; ; ) {
      const partitions = [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 }];
      const request = { maxWaitMs: 0, minBytes: 0, isolationLevel: 0, topics: [{ topic, partitions }] };
      const row = (await this.client.call(apis.fetch, 12, request)).responses[0]?.partitions[0];
      const read = [...batchesOf(row?.records ?? Buffer.alloc(0))];
      if (read.length === 0) return found;
      found.push(...read);
      offset = readBatchHeader(read.at(-1)!).lastOffset + 1;
    }
  }

  /** What is there when compaction has come through `below`: each key once. */
  async compacted(below: number): Promise<Shown[]> {
    let shown: Shown[] = [];
    await until(
      'the log is compacted',
      async () => {
        shown = (await this.batches()).map(show);
        const keys = shown
          .filter(({ lastOffset }) => lastOffset < below)
          .flatMap(({ records }) => records.map(({ key }) => key));
        return shown.length > 0 && new Set(keys).size === keys.length;
      },
      60_000,
    );
    return shown;
  }
}

type Shown = ReturnType<typeof show>;

/** A batch without what is drawn at random or told by the clock. */
function show(batch: Buffer) {
  const { baseOffset, lastOffset, attributes, baseSequence, producerId, recordCount } = readBatchHeader(batch);
  const records = decodeRecords(batch, { decompress }).map(({ offset, timestamp, key, value, headers }) => ({
    offset,
    timestamp,
    key: String(key),
    value: value === null ? null : String(value),
    headers: headers.map((header) => `${header.key}=${header.value}`),
  }));
  return { baseOffset, lastOffset, attributes, baseSequence, hasProducer: producerId >= 0, recordCount, records };
}

describe.skipIf(reason)(title, () => {
  let ours: BundledCluster;
  let kafka: ApacheKafka;
  let peers: { kafka: Peer; ours: Peer };
  const copies = mkdtempSync(join(tmpdir(), 'compaction-'));

  beforeAll(async () => {
    [ours, kafka] = await Promise.all([
      startBundledCluster(1, settings),
      startApacheKafka({ nodes: 1, heapMb: 256, config: settings }),
    ]);
    peers = { kafka: new Peer(kafka.bootstrap), ours: new Peer(ours.bootstrap) };
    for (const peer of Object.values(peers)) await peer.create();
  });
  afterAll(async () => {
    for (const peer of Object.values(peers ?? {})) peer.client.close();
    await Promise.all([ours?.stop(), kafka?.stop()]);
    rmSync(copies, { recursive: true, force: true });
  });

  it('keeps the same records in the same batches, round after round', async () => {
    for (const [from, to] of [
      [0, 62],
      [62, 104],
      [104, 146],
    ] as const) {
      for (const peer of Object.values(peers)) await peer.write(from, to);
      // What lies in the active segment is left alone.
      const below = (to - 12) * 3;
      const expected = await peers.kafka.compacted(below);
      const found = await peers.ours.compacted(below);
      expect(tableOf(found)).toEqual(tableOf(expected));
      expect(recordsOf(found)).toEqual(recordsOf(expected));
    }
  });

  it('leaves files that DumpLogSegments reads', () => {
    const folder = join(
      ours.dataFolder,
      readdirSync(ours.dataFolder).find((name) => /^(node-|broker-)?1$/.test(name)) ?? '',
      `${topic}-0`,
    );
    const files = readdirSync(folder)
      .filter((name) => /\.(log|index|timeindex|snapshot)$/.test(name))
      .map((name) => join(folder, name));
    const dump = runKafkaClass('org.apache.kafka.tools.DumpLogSegments', [
      '--deep-iteration',
      '--files',
      files.join(','),
    ]);
    expect(dump).toMatch(/deleteHorizonMs: OptionalLong\[/);
    expect(dump).not.toMatch(/isvalid: false|Mismatch|out of order|corrupt/i);
  });

  it('is read where Apache Kafka left it, after an ordered stop', async () => {
    const expected = (await peers.kafka.batches()).map(show);
    const pid = kafka.pids[0]!;
    process.kill(pid, 'SIGTERM');
    await until('Apache Kafka has stopped', () => !isAlive(pid), 30_000);
    const folder = join(copies, `${topic}-0`);
    cpSync(join(kafka.folder, 'node-1', `${topic}-0`), folder, { recursive: true });
    for (const cleanShutdown of [true, false]) {
      const log = PartitionLog.open({
        disk: new NodeDisk(),
        clock: new ManualClock(),
        log: silentLog,
        folder,
        config: { ...defaultLogConfig, isCompacted: true, isDeleted: false },
        cleanShutdown,
        recoveryPoint: expected.at(-1)!.lastOffset + 1,
      });
      const found: Shown[] = [];
      for (let offset = 0; offset < log.endOffset; ) {
        const read = log.read(offset, { maxBytes: 10_000, before: log.endOffset, atLeastOneBatch: true });
        if (!read.ok || read.value.nextOffset === offset) break;
        found.push(...[...batchesOf(read.value.records)].map(show));
        offset = read.value.nextOffset;
      }
      expect(found).toEqual(expected);
      expect(log.producers.size).toBe(1);
      log.close({ clean: cleanShutdown });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function recordsOf(batches: readonly Shown[]) {
  return batches.flatMap(({ attributes, baseOffset, lastOffset, baseSequence, records }) =>
    records.length === 0 ? [] : [{ attributes, baseOffset, lastOffset, baseSequence, records }],
  );
}

function tableOf(batches: readonly Shown[]): Record<string, string> {
  const table: Record<string, string> = {};
  for (const { key, value } of batches.flatMap(({ records }) => records)) {
    if (value === null) delete table[key];
    else table[key] = value;
  }
  return table;
}
