import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { BatchInput, RecordInput } from '../../../records/record-batch.ts';
import { batchesOf, encodeBatch, readBatchHeader } from '../../../records/record-batch.ts';
import { compress } from '../../../records/record-compress.ts';
import { testNowMs } from '../../../records/testing/batch-of.ts';
import { InflationGate } from '../checks/inflation-gate.ts';
import type { LogConfig } from '../log-config.ts';
import type { PartitionLog } from '../partition-log.ts';
import { cleaningTools, cleanNow, recordsOf } from '../testing/cleaning-bench.ts';
import { append, appendMarker, smallConfig, testFolder, testLog } from '../testing/test-batches.ts';

const config: LogConfig = { ...smallConfig, isCompacted: true, isDeleted: false, deleteRetentionMs: 1_000 };

function setUp(more: Partial<LogConfig> = {}) {
  const bench = testLog({ ...config, ...more });
  const random = new SeededRandom(1);
  const log = bench.open();
  const clean = (keysMax = 1_000, checkpoint = 0) =>
    cleanNow(log, cleaningTools(bench, random, { keysMax }), { checkpoint });
  return { bench, log, clean };
}

const record = (key: string, value: string | null, timestamp = testNowMs): RecordInput => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp,
});

function put(log: PartitionLog, records: readonly RecordInput[], more: Partial<BatchInput> = {}): void {
  const verification =
    more.isTransactional && more.producerId !== undefined
      ? log.startVerification(more.producerId, more.producerEpoch ?? 0, more.baseSequence ?? 0)
      : undefined;
  const batch = encodeBatch({ records, baseTimestamp: testNowMs, ...more });
  const result = log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification });
  if (!result.ok) throw new Error(result.error.message);
}

/** Fills the active segment with records of other keys, so that what was there is closed. */
function roll(log: PartitionLog): void {
  const count = log.segmentCount;
  for (let index = 0; log.segmentCount === count; index++) put(log, [record(`fill-${index}`, '.'.repeat(100))]);
}

function headers(log: PartitionLog) {
  const read = log.read(log.startOffset, { maxBytes: 1e6, before: log.endOffset, atLeastOneBatch: true });
  return read.ok ? [...batchesOf(read.value.records)].map((batch) => readBatchHeader(batch)) : [];
}

const keyed = (log: PartitionLog, key: string) => recordsOf(log, 'all').filter((seen) => seen.key === key);

describe('tombstones', () => {
  it('stay for delete.retention.ms from the first compaction on, and say so in their batch as in KIP-534', async () => {
    const { bench, log, clean } = setUp();
    put(log, [record('a', '1'), record('b', '1')]);
    put(log, [record('a', null), record('b', '2', testNowMs + 5)]);
    roll(log);
    await clean();
    expect(keyed(log, 'a')).toEqual([{ offset: 2, key: 'a', value: null, timestamp: testNowMs }]);
    const [batch] = headers(log);
    expect(batch).toMatchObject({
      attributes: 64,
      baseTimestamp: bench.clock.now() + 1_000,
      maxTimestamp: testNowMs + 5,
    });
    bench.clock.advance(999);
    await clean();
    expect(keyed(log, 'a')).toHaveLength(1);
    bench.clock.advance(1);
    await clean();
    expect(keyed(log, 'a')).toEqual([]);
    expect(keyed(log, 'b')).toEqual([{ offset: 3, key: 'b', value: '2', timestamp: testNowMs + 5 }]);
  });

  it('keep their times however far their horizon is', async () => {
    const { log, clean } = setUp({ deleteRetentionMs: 2 ** 63 });
    put(log, [record('a', null, testNowMs - 77)], { baseTimestamp: testNowMs - 77 });
    roll(log);
    await clean();
    expect(keyed(log, 'a')).toEqual([{ offset: 0, key: 'a', value: null, timestamp: testNowMs - 77 }]);
  });
});

describe('transactions', () => {
  const producer = { producerId: 7, producerEpoch: 0, isTransactional: true };

  it('lose what was aborted, and keep the marker as long as something of them is there, then to its horizon', async () => {
    const { bench, log, clean } = setUp();
    put(log, [record('a', 'kept')]);
    put(log, [record('a', 'aborted')], { ...producer, baseSequence: 0 });
    appendMarker(log, 7, 'abort');
    put(log, [record('c', '1')], { ...producer, baseSequence: 1 });
    appendMarker(log, 7, 'commit');
    roll(log);
    const markers = () => headers(log).filter(({ isControl }) => isControl).length;
    await clean();
    expect(keyed(log, 'a').map(({ value }) => value)).toEqual(['kept']);
    expect(log.abortedTransactions(0, log.endOffset)).toHaveLength(1);
    expect(markers()).toBe(2);
    await clean();
    expect(log.abortedTransactions(0, log.endOffset)).toHaveLength(0);
    expect(markers()).toBe(2);
    bench.clock.advance(1_000);
    await clean();
    // The other transaction still has its record.
    expect(markers()).toBe(1);
    expect(keyed(log, 'c')).toHaveLength(1);
  });

  it('are left alone above the last stable offset', async () => {
    const { log, clean } = setUp();
    put(log, [record('a', '1')]);
    put(log, [record('open', '1')], { ...producer, baseSequence: 0 });
    put(log, [record('a', '2')]);
    roll(log);
    expect(await clean()).toBeUndefined();
    appendMarker(log, 7, 'commit');
    expect(await clean()).toBeDefined();
    expect(keyed(log, 'a').map(({ value }) => value)).toEqual(['2']);
  });
});

it('keeps the sequence of a producer whose records are all superseded, without its snapshots too', async () => {
  const { bench, log, clean } = setUp();
  const sent = { producerId: 5, producerEpoch: 2, baseSequence: 10 };
  put(log, [record('a', '1'), record('b', '1')], sent);
  put(log, [record('a', '2'), record('b', '2')]);
  roll(log);
  await clean();
  expect(headers(log)[0]).toMatchObject({ recordCount: 0, baseSequence: 10, lastOffset: 1, producerEpoch: 2 });
  log.close({ clean: true });
  for (const name of bench.disk.list(testFolder))
    if (name.endsWith('.snapshot')) bench.disk.remove(`${testFolder}/${name}`);
  const again = bench.open({ cleanShutdown: true });
  const repeated = encodeBatch({ records: [record('a', '1'), record('b', '1')], baseTimestamp: testNowMs, ...sent });
  expect(again.appendAsLeader(repeated, { leaderEpoch: 0, origin: 'client' })).toMatchObject({
    ok: true,
    value: { duplicate: true, firstOffset: 0 },
  });
});

it('writes small segments together, keeps offsets and lookups by time, and leaves the active one alone', async () => {
  const { bench, log, clean } = setUp();
  for (let index = 0; index < 40; index++) put(log, [record(`k${index % 3}`, `v${index}`, testNowMs + index)]);
  const before = log.segmentCount;
  const active = log.segmentBaseOffsets.at(-1)!;
  await clean();
  await clean();
  expect(log.segmentCount).toBeLessThan(before);
  expect(log.segmentBaseOffsets.at(-1)).toBe(active);
  const left = recordsOf(log).filter(({ offset }) => offset < active);
  expect(left.map(({ key }) => key).sort()).toEqual(['k0', 'k1', 'k2']);
  const found = log.offsetForTimestamp(testNowMs, log.endOffset, new InflationGate(bench.clock));
  expect(found).toMatchObject({ offset: left[0]!.offset, timestampMs: left[0]!.timestamp });
  expect(log.read(0, { maxBytes: 1, before: log.endOffset, atLeastOneBatch: true })).toMatchObject({ ok: true });
});

it('goes through a log whose keys do not fit the memory in several passes', async () => {
  const { log, clean } = setUp();
  for (let index = 0; index < 60; index++) put(log, [record(`k${index % 20}`, `v${index}`)]);
  roll(log);
  let checkpoint = 0;
  const passes: boolean[] = [];
  for (;;) {
    const result = await clean(8, checkpoint);
    if (!result) break;
    passes.push(result.isMapFull);
    expect(result.endOffset).toBeGreaterThan(checkpoint);
    checkpoint = result.endOffset;
  }
  expect(passes.length).toBeGreaterThan(2);
  for (let key = 0; key < 20; key++) expect(keyed(log, `k${key}`).map(({ value }) => value)).toEqual([`v${key + 40}`]);
});

it('compresses again only where records go, and with the codec that was there', async () => {
  const { log, clean } = setUp();
  const zstd = { compress: { type: 'zstd', apply: (bytes: Buffer) => compress('zstd', bytes) } } as const;
  put(log, [record('a', '1'), record('b', '1')], zstd);
  put(log, [record('a', '2'), record('c', '1')], zstd);
  roll(log);
  const before = headers(log)[1]!;
  await clean();
  expect(headers(log)[0]).toMatchObject({ compression: 'zstd', recordCount: 1 });
  expect(headers(log)[1]).toEqual(before);
});

it('drops records without a key, which were there before the topic was compacted', async () => {
  const { log, clean } = setUp({ isCompacted: false });
  append(log, ['no key']);
  put(log, [record('a', '1')]);
  roll(log);
  log.updateConfig(config);
  await clean();
  expect(recordsOf(log).map(({ key }) => key)).not.toContain(null);
  expect(keyed(log, 'a')).toHaveLength(1);
});

it('gives up when records are deleted meanwhile, and leaves nothing behind', async () => {
  const { bench, log } = setUp();
  for (let index = 0; index < 60; index++) put(log, [record(`k${index % 3}`, `v${index}`)]);
  const tools = cleaningTools(bench, new SeededRandom(2));
  let slices = 0;
  const pace = async () => {
    if (++slices === 20) log.deleteRecordsBefore(30);
  };
  const cleaning = log.clean(log.cleanableRange(log.endOffset, 0), { ...tools, pace });
  expect(await cleaning).toBeUndefined();
  expect(slices).toBe(20);
  expect(bench.disk.list(testFolder).filter((name) => name.endsWith('.cleaned'))).toEqual([]);
  expect(keyed(log, 'k0').at(-1)).toMatchObject({ value: 'v57' });
});

it('lets retention that was asked for meanwhile come first', async () => {
  const { bench, log } = setUp({ isDeleted: true, retentionMs: 1_000 });
  for (let index = 0; index < 60; index++) put(log, [record(`k${index % 3}`, `v${index}`)]);
  bench.clock.advance(2_000);
  const tools = cleaningTools(bench, new SeededRandom(2));
  let slices = 0;
  const pace = async () => {
    if (++slices === 5) expect(log.enforceRetention(bench.clock.now(), log.endOffset)).toBe(0);
  };
  expect(await log.clean(log.cleanableRange(log.endOffset, 0), { ...tools, pace })).toBeDefined();
  expect(log.cleanableRange(log.endOffset, 0).isDue).toBe(false);
  expect(log.enforceRetention(bench.clock.now(), log.endOffset)).toBeGreaterThan(0);
  put(log, [record('a', '1')]);
  roll(log);
  expect(log.cleanableRange(log.endOffset, log.startOffset).isDue).toBe(true);
});

describe('a damaged batch', () => {
  it('is no loss: the log stays as it was', async () => {
    const { bench, log, clean } = setUp();
    for (let index = 0; index < 30; index++) put(log, [record(`k${index % 3}`, `v${index}`)]);
    const before = recordsOf(log).length;
    const file = bench.disk.open(`${testFolder}/${String(log.segmentBaseOffsets[1]).padStart(20, '0')}.log`);
    file.writeAt(70, Buffer.from([0xff]));
    file.close();
    await expect(clean()).rejects.toMatchObject({
      code: 'LOG_DAMAGED',
      details: { segment: log.segmentBaseOffsets[1] },
    });
    expect(log.endOffset).toBe(30);
    expect(log.segmentBaseOffsets.length).toBeGreaterThan(2);
    expect(before).toBe(30);
    expect(bench.disk.list(testFolder).filter((name) => name.endsWith('.cleaned'))).toEqual([]);
  });
});

describe('what is due', () => {
  const filled = (more: Partial<LogConfig>) => {
    const made = setUp(more);
    for (let index = 0; index < 30; index++) put(made.log, [record(`k${index}`, `v${index}`)]);
    return made;
  };

  it('follows min.cleanable.dirty.ratio', () => {
    const { log } = filled({ minCleanableDirtyRatio: 0.5 });
    const [, second] = log.segmentBaseOffsets;
    expect(log.cleanableRange(log.endOffset, 0)).toMatchObject({ isDue: true, dirtyRatio: 1 });
    const active = log.segmentBaseOffsets.at(-1)!;
    expect(log.cleanableRange(log.endOffset, active)).toMatchObject({ isDue: false, dirtyBytes: 0 });
    expect(log.cleanableRange(log.endOffset, second)).toMatchObject({
      firstDirtyOffset: second,
      firstUncleanableOffset: active,
    });
  });

  it('leaves out what is younger than min.compaction.lag.ms', async () => {
    const { bench, log } = filled({ minCompactionLagMs: 1_000 });
    bench.clock.advance(900);
    expect(log.cleanableRange(log.endOffset, 0)).toMatchObject({ isDue: false, dirtyBytes: 0 });
    bench.clock.advance(100);
    expect(log.cleanableRange(log.endOffset, 0)).toMatchObject({ isDue: true });
  });

  it('takes what is older than max.compaction.lag.ms whatever its share', async () => {
    const { bench, log } = filled({ minCleanableDirtyRatio: 1, maxCompactionLagMs: 1_000 });
    expect(log.cleanableRange(log.endOffset, 0).isDue).toBe(false);
    bench.clock.advance(1_001);
    expect(log.cleanableRange(log.endOffset, 0).isDue).toBe(true);
  });
});

it('follows a truncation with what counts as compacted', async () => {
  const { log } = setUp();
  for (let index = 0; index < 30; index++) put(log, [record('a', `v${index}`)]);
  log.cleanedOffset = 20;
  log.truncateTo(10);
  expect(log.cleanedOffset).toBe(10);
});
