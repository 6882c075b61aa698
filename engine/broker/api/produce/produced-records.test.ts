import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { produceRequest, produceResponse } from '../../../protocol/schemas/00-produce.ts';
import { writeCrc } from '../../../records/batch-layout.ts';
import type { Compression } from '../../../records/record-batch.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../../records/record-batch.ts';
import { compress } from '../../../records/record-compress.ts';
import { decompress } from '../../../records/record-decompress.ts';
import type { LogConfig } from '../../log/log-config.ts';
import { produceHandler } from '../handlers/00-produce.ts';
import type { MemoryConnection } from '../testing/memory-connection.ts';
import { batchOf, ReplicaCluster } from '../testing/replica-cluster.ts';

const schemas = { request: produceRequest, response: produceResponse };
const nowMs = 1_000;

/** One broker with a topic `orders` of one partition. */
function bench(config: Partial<LogConfig> = {}) {
  const cluster = new ReplicaCluster([1]);
  cluster.config = config;
  cluster.createTopic('orders', [1]);
  const node = cluster.node(1);
  const send = async (records: Buffer, acks = 1, version = 9) => {
    const context = node.context(0, version);
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
    const request = { acks, timeoutMs: 1_000, topicData };
    const response = await node.request(produceHandler, schemas, request, context);
    const row = response?.responses[0]?.partitionResponses[0];
    return { row, connection: context.connection as MemoryConnection };
  };
  const stored = () => {
    const found = node.replicas.readCommitted('orders', 0, 0, 100_000_000);
    return found.ok ? [...batchesOf(found.value.records)] : [];
  };
  const values = () =>
    stored().flatMap((batch) => decodeRecords(batch, { decompress }).map(({ value }) => String(value).slice(0, 10)));
  return { cluster, send, stored, values };
}

function packed(type: Compression, values: readonly string[], level?: number): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  return encodeBatch({
    records,
    baseTimestamp: nowMs,
    compress: { type, apply: (bytes) => compress(type, bytes, level) },
  });
}

function altered(change: (batch: Buffer) => void): Buffer {
  const batch = batchOf(['a'], nowMs);
  change(batch);
  writeCrc(batch, 0);
  return batch;
}

const noise = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 167 + 91) & 255));

describe('what a producer may send, with Kafka’s answers', () => {
  it.each([
    ['3 bytes after a whole batch', Buffer.concat([batchOf(['a'], nowMs), Buffer.alloc(3)]), 0],
    ['a batch that is cut short', batchOf(['a'], nowMs).subarray(0, 65), errorCode.INVALID_RECORD],
    ['magic 1', altered((batch) => batch.writeInt8(1, 16)), errorCode.INVALID_RECORD],
    ['magic 3', altered((batch) => batch.writeInt8(3, 16)), errorCode.CORRUPT_MESSAGE],
    ['noise', noise, errorCode.CORRUPT_MESSAGE],
    ['two batches', Buffer.concat([batchOf(['a'], nowMs), batchOf(['b'], nowMs)]), errorCode.INVALID_RECORD],
    ['the bit for log-append time', altered((batch) => batch.writeInt16BE(8, 21)), 0],
    [
      'a thousand records that are not there',
      altered((batch) => {
        batch.writeInt32BE(999, 23);
        batch.writeInt32BE(1000, 57);
      }),
      errorCode.INVALID_RECORD,
    ],
  ])('%s', async (_, records, code) => {
    const { send, stored } = bench();
    expect((await send(records)).row?.errorCode).toBe(code);
    expect(stored()).toHaveLength(code === 0 ? 1 : 0);
  });

  it('names the records at fault, and the start of the log', async () => {
    const { send } = bench({ isCompacted: true });
    const { row } = await send(batchOf(['a', 'b'], nowMs));
    expect(row).toMatchObject({
      errorCode: errorCode.INVALID_RECORD,
      baseOffset: -1,
      logStartOffset: 0,
      recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }],
    });
  });
});

describe('large compressed batches', () => {
  const large = 'x'.repeat(400_000);

  it('keep their place among the appends of the partition', async () => {
    const { send, values } = bench();
    const sent = [
      send(packed('gzip', [`1${large}`])),
      send(batchOf(['2'], nowMs)),
      send(packed('zstd', [`3${large}`])),
      send(packed('gzip', ['4'])),
    ];
    expect((await Promise.all(sent)).map(({ row }) => Number(row?.baseOffset))).toEqual([0, 1, 2, 3]);
    expect(values().map((value) => value[0])).toEqual(['1', '2', '3', '4']);
  });

  it.each(['gzip', 'zstd', 'lz4', 'snappy'] as const)(
    '%s bombs are refused, and what follows is stored',
    async (type) => {
      const { cluster, send, values } = bench({ maxMessageBytes: 8_000_000 });
      const bomb = packed(type, ['y'.repeat(65 * 1024 * 1024)], 1);
      const sent = Promise.all([send(bomb), send(batchOf(['after'], nowMs))]);
      let isAnswered = false;
      void sent.then(() => {
        isAnswered = true;
      });
      while (!isAnswered) {
        await cluster.run(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const answers = await sent;
      expect(answers.map(({ row }) => row?.errorCode)).toEqual([errorCode.INVALID_RECORD, 0]);
      expect(values()).toEqual(['after']);
    },
  );

  it('that are damaged close the connection with acks=0, as small ones do', async () => {
    const { send, stored } = bench();
    const damaged = packed('gzip', [Buffer.from(new SeededRandom(4).bytes(60_000)).toString('hex')]);
    damaged.fill(0, 30_000, 40_000);
    writeCrc(damaged, 0);
    const { connection } = await send(damaged, 0);
    expect(connection.closeReason).toMatch(/cannot be read as gzip/);
    expect(stored()).toEqual([]);
  });
});

describe('compression.type', () => {
  const words = Array.from({ length: 300 }, (_, index) => `order ${index} of customer ${index % 7}`);
  const sources = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

  it.each(['gzip', 'snappy', 'lz4', 'zstd', 'none'] as const)('%s is the codec of what is stored', async (type) => {
    const { send, stored, values } = bench({ compression: { type, level: undefined } });
    for (const source of sources) expect((await send(packed(source, words))).row?.errorCode).toBe(0);
    expect(stored().map((batch) => readBatchHeader(batch).compression)).toEqual(sources.map(() => type));
    expect(values()).toEqual(sources.flatMap(() => words.map((word) => word.slice(0, 10))));
  });

  it('producer leaves every byte as it came', async () => {
    const { send, stored } = bench();
    for (const source of sources) await send(packed(source, words));
    expect(stored().map((batch) => readBatchHeader(batch).compression)).toEqual([...sources]);
  });

  it('takes the level that is asked for', async () => {
    const sizes = [];
    for (const level of [1, 9]) {
      const { send, stored } = bench({ compression: { type: 'gzip', level } });
      await send(packed('none', words));
      sizes.push(stored()[0]?.length);
      const plain = packed('none', words).subarray(61);
      expect(stored()[0]?.subarray(61).equals(gzipSync(plain, { level }))).toBe(true);
    }
    expect(sizes[1]).toBeLessThan(sizes[0] as number);
  });

  it('counts max.message.bytes after recompression, as Kafka does', async () => {
    const { send } = bench({ compression: { type: 'none', level: undefined }, maxMessageBytes: 4_000 });
    expect((await send(packed('gzip', words))).row?.errorCode).toBe(errorCode.MESSAGE_TOO_LARGE);
  });
});
