import { expect, it } from 'vitest';
import { MillraceError } from '../../../base/errors.ts';
import { silentLog } from '../../../base/log.ts';
import type { ManualClock } from '../../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { InflationGate } from '../checks/inflation-gate.ts';
import type { LogConfig } from '../log-config.ts';
import { recordsOf } from '../testing/cleaning-bench.ts';
import { smallConfig, testFolder, testLog } from '../testing/test-batches.ts';
import type { CleanerSettings } from './cleaner-settings.ts';
import type { CleanedOffset } from './log-cleaner.ts';
import { LogCleaner } from './log-cleaner.ts';

const config: LogConfig = { ...smallConfig, isCompacted: true, isDeleted: false };
const settings: CleanerSettings = {
  isEnabled: true,
  backoffMs: 1_000,
  dedupeBufferBytes: 100_000,
  loadFactor: 0.9,
  ioBufferBytes: 256,
  ioBytesPerSecondMax: Number.POSITIVE_INFINITY,
};

/** Lets time go by, and what waits for promises go on in between. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  const endMs = clock.monotonic() + ms;
  for (let dueMs = clock.nextDueMs; dueMs !== undefined && dueMs <= endMs; dueMs = clock.nextDueMs) {
    clock.step();
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  }
  clock.advance(endMs - clock.monotonic());
}

function setUp(more: Partial<CleanerSettings> = {}) {
  const bench = testLog(config);
  const log = bench.open();
  const written: CleanedOffset[][] = [];
  const failures: unknown[] = [];
  const lines: string[] = [];
  const cleaner = new LogCleaner({
    clock: bench.clock,
    random: new SeededRandom(1),
    log: { ...silentLog, error: (message) => lines.push(message), warn: (message) => lines.push(message) },
    settings: () => ({ ...settings, ...more }),
    inflations: new InflationGate(bench.clock),
    checkpoint: { read: () => [], writeInBackground: async (entries) => void written.push([...entries]) },
    isWritable: () => true,
    onDiskFailure: (error) => failures.push(error),
  });
  cleaner.start();
  cleaner.add({ topic: 'orders', partition: 0, log, stableOffset: () => log.endOffset });
  const fill = (from: number) => {
    for (let index = from; index < from + 40; index++) {
      const records = [{ key: Buffer.from(`k${index % 3}`), value: Buffer.from(`v${index}`) }];
      log.appendAsLeader(encodeBatch({ records, baseTimestamp: bench.clock.now() }), {
        leaderEpoch: 0,
        origin: 'client',
      });
    }
  };
  fill(0);
  return { bench, log, cleaner, written, failures, lines, fill };
}

it('compacts what is due after its rest, and writes down to where', async () => {
  const { bench, log, cleaner, written } = setUp();
  await pass(bench.clock, 999);
  expect(cleaner.status.cleanings).toBe(0);
  await pass(bench.clock, 1_000);
  expect(cleaner.status).toMatchObject({ cleanings: 1, uncleanable: 0, dirtyRatioMax: 0 });
  const active = log.segmentBaseOffsets.at(-1)!;
  expect(written).toEqual([[{ topic: 'orders', partition: 0, offset: active }]]);
  expect(recordsOf(log).filter(({ offset }) => offset < active)).toHaveLength(3);
});

it('does nothing when it is switched off', async () => {
  const { bench, cleaner } = setUp({ isEnabled: false });
  await pass(bench.clock, 5_000);
  expect(cleaner.status.cleanings).toBe(0);
});

it('leaves a log with a damaged batch as it is, says so, and counts what waits in it', async () => {
  const { bench, log, cleaner, lines } = setUp();
  const file = bench.disk.open(`${testFolder}/${'0'.repeat(20)}.log`);
  file.writeAt(100, Buffer.from([0xff]));
  file.close();
  await pass(bench.clock, 5_000);
  expect(cleaner.status).toMatchObject({ cleanings: 0, uncleanable: 1 });
  expect(cleaner.status.uncleanableBytes).toBeGreaterThan(1_000);
  expect(lines).toEqual(['a log cannot be compacted and stays as it is']);
  cleaner.delete('orders', 0);
  expect(cleaner.status).toMatchObject({ uncleanable: 0, uncleanableBytes: 0 });
  expect(log.endOffset).toBe(40);
});

it('tries again when there is room', async () => {
  const { bench, cleaner, failures, lines } = setUp();
  bench.disk.beforeWrite = (_, path) => {
    if (path.endsWith('.log.cleaned')) throw new MillraceError('DISK_FULL', 'no room');
  };
  await pass(bench.clock, 2_500);
  expect(cleaner.status).toMatchObject({ cleanings: 0, uncleanable: 0 });
  expect(failures).toEqual([]);
  expect(new Set(lines)).toEqual(new Set(['no room to compact a log']));
  bench.disk.beforeWrite = () => {};
  await pass(bench.clock, 2_000);
  expect(cleaner.status.cleanings).toBe(1);
});

it('keeps to the bytes of a second that it is given', async () => {
  const { bench, cleaner } = setUp({ ioBytesPerSecondMax: 1_000 });
  await pass(bench.clock, 3_000);
  expect(cleaner.status.cleanings).toBe(0);
  await pass(bench.clock, 10_000);
  expect(cleaner.status.cleanings).toBe(1);
});

it('ends with its slice when it is stopped', async () => {
  const { bench, cleaner, written } = setUp({ ioBytesPerSecondMax: 1_000 });
  await pass(bench.clock, 1_500);
  cleaner.stop();
  await pass(bench.clock, 60_000);
  expect(cleaner.status.cleanings).toBe(0);
  expect(written).toEqual([]);
  expect(bench.disk.list(testFolder).filter((name) => name.endsWith('.cleaned'))).toEqual([]);
});
