import { describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { MemoryDisk } from '../../base/memory-disk.ts';
import { SeededRandom } from '../../base/seeded-random.ts';
import type { LogConfig } from './log-config.ts';
import { defaultLogConfig } from './log-config.ts';
import { PartitionLog } from './partition-log.ts';
import type { BatchInput } from './record-batch.ts';
import { batchesOf, decodeRecords, encodeBatch } from './record-batch.ts';

const nowMs = 1_700_000_000_000;
const folder = 'data/orders-0';
const smallConfig: LogConfig = { ...defaultLogConfig, segmentBytes: 1000, indexIntervalBytes: 100 };

function batch(values: readonly string[], more: Partial<BatchInput> = {}): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  return encodeBatch({ records, baseTimestamp: nowMs, ...more });
}

function bench(config = smallConfig) {
  const disk = new MemoryDisk(new SeededRandom(1));
  const clock = new ManualClock(nowMs);
  const open = (cleanShutdown = false) =>
    PartitionLog.open({ disk, clock, log: silentLog, folder, config, cleanShutdown });
  return { disk, clock, open };
}

function append(log: PartitionLog, values: readonly string[], more: Partial<BatchInput> = {}, leaderEpoch = 0) {
  return log.appendAsLeader(batch(values, more), { leaderEpoch, origin: 'client' });
}

function valuesFrom(log: PartitionLog, from: number): string[] {
  const values: string[] = [];
  for (let offset = from; offset < log.endOffset; ) {
    const read = log.read(offset, { maxBytes: 300, before: log.endOffset, atLeastOneBatch: true });
    if (!read.ok || read.value.nextOffset === offset) throw new Error(`nothing at ${offset}`);
    for (const whole of batchesOf(read.value.records))
      for (const record of decodeRecords(whole)) if (record.offset >= offset) values.push(String(record.value));
    offset = read.value.nextOffset;
  }
  return values;
}

describe('partition log', () => {
  it('gives offsets in order and reads back what was written, over segments', () => {
    const log = bench().open();
    for (let index = 0; index < 50; index++) {
      const info = append(log, [`a${index}`, `b${index}`]);
      expect(info).toMatchObject({
        ok: true,
        value: { firstOffset: index * 2, lastOffset: index * 2 + 1, duplicate: false },
      });
    }
    expect(log.endOffset).toBe(100);
    expect(log.segmentCount).toBeGreaterThan(3);
    expect(valuesFrom(log, 0)).toEqual(Array.from({ length: 50 }, (_, index) => [`a${index}`, `b${index}`]).flat());
    expect(valuesFrom(log, 51)).toHaveLength(49);
  });

  it('comes back whole after a clean close, and after a crash that kept the bytes', () => {
    for (const clean of [true, false]) {
      const { open } = bench();
      const log = open();
      for (let index = 0; index < 30; index++) append(log, [`v${index}`], {}, Math.floor(index / 10));
      log.close({ clean });
      const again = open(clean);
      expect(valuesFrom(again, 0)).toEqual(Array.from({ length: 30 }, (_, index) => `v${index}`));
      expect(again.epochs).toEqual([
        { epoch: 0, startOffset: 0 },
        { epoch: 1, startOffset: 10 },
        { epoch: 2, startOffset: 20 },
      ]);
      expect(append(again, ['next'])).toMatchObject({ ok: true, value: { firstOffset: 30 } });
    }
  });

  it('truncates at a batch and goes on from there', () => {
    const { open } = bench();
    const log = open();
    for (let index = 0; index < 30; index++) append(log, [`v${index}`]);
    log.truncateTo(7);
    expect(log.endOffset).toBe(7);
    append(log, ['w7']);
    expect(valuesFrom(log, 5)).toEqual(['v5', 'v6', 'w7']);
  });
});
