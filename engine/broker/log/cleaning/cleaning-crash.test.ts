import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { testNowMs } from '../../../records/testing/batch-of.ts';
import type { LogConfig } from '../log-config.ts';
import { PartitionLog } from '../partition-log.ts';
import { cleaningTools, cleanNow, recordsOf, tableOf } from '../testing/cleaning-bench.ts';
import { ChangeRefused, FailingDisk, MachineEnded } from '../testing/failing-disk.ts';
import { appendMarker, smallConfig, testFolder, testLog } from '../testing/test-batches.ts';

const config: LogConfig = { ...smallConfig, isCompacted: true, isDeleted: false, deleteRetentionMs: 0 };

/** A log of several segments with superseded records, tombstones and an aborted transaction, all of it synced. */
async function dirtyLog(seed: number) {
  const random = new SeededRandom(seed);
  const bench = testLog(config, seed);
  const disk = new FailingDisk(bench.disk);
  const options = { disk, clock: bench.clock, log: silentLog, folder: testFolder, config, cleanShutdown: false };
  const open = (recoveryPoint = 0) => PartitionLog.open({ ...options, recoveryPoint });
  const log = open();
  for (let index = 0; index < 60; index++) {
    const value = index % 7 === 3 ? null : Buffer.from(`v${index}`);
    const records = [
      { key: Buffer.from(`key-${index % 9}`), value },
      { key: Buffer.from(`few-${index % 20}`), value },
    ];
    const batch = encodeBatch({ records, baseTimestamp: bench.clock.now() });
    expect(log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
    if (index === 20) appendKeyed(log, 'key-1', 'aborted');
    if (index === 30) expect(appendMarker(log, 7, 'abort').ok).toBe(true);
  }
  await log.flush();
  return { random, bench, disk, open, log };
}

function appendKeyed(log: PartitionLog, key: string, value: string): void {
  const verification = log.startVerification(7, 0, 0);
  const records = [{ key: Buffer.from(key), value: Buffer.from(value) }];
  const producer = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true };
  const batch = encodeBatch({ records, baseTimestamp: testNowMs, ...producer });
  expect(log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification }).ok).toBe(true);
}

async function cleanTwice({ log, bench, random }: Awaited<ReturnType<typeof dirtyLog>>): Promise<void> {
  const tools = cleaningTools(bench, random);
  // The first sets the horizon of tombstones, the second removes them.
  await cleanNow(log, tools);
  await cleanNow(log, tools, { checkpoint: 0 });
}

it('comes back with every key whatever step of a compaction the machine ends at, and with what of unsynced bytes', async () => {
  const whole = await dirtyLog(1);
  const table = tableOf(recordsOf(whole.log));
  const before = whole.disk.changes;
  const count = whole.log.segmentCount;
  await cleanTwice(whole);
  expect(whole.log.segmentCount).toBeLessThan(count);
  expect(tableOf(recordsOf(whole.log))).toEqual(table);
  const steps = whole.disk.changes - before;
  expect(steps).toBeGreaterThan(40);
  for (let step = 0; step < steps; step++) {
    const unsynced = (['lose', 'tear', 'keep'] as const)[step % 3]!;
    const run = await dirtyLog(1);
    const { recoveryPoint, endOffset } = run.log;
    run.disk.endsAt = run.disk.changes + step;
    await expect(cleanTwice(run)).rejects.toThrow(MachineEnded);
    run.bench.disk.crash({ unsynced });
    run.disk.endsAt = undefined;
    // The recovery point on the disk may be an old one.
    const again = run.open(step % 2 === 0 ? recoveryPoint : 0);
    const where = `step ${step}, ${unsynced}`;
    expect(again.endOffset, where).toBe(endOffset);
    expect(tableOf(recordsOf(again)), where).toEqual(table);
    expect(
      run.bench.disk.list(testFolder).filter((name) => /\.(cleaned|swap|deleted)$/.test(name)),
      where,
    ).toEqual([]);
    // And cleaning goes on from there.
    await cleanNow(again, cleaningTools(run.bench, run.random));
    expect(tableOf(recordsOf(again)), where).toEqual(table);
    again.close({ clean: false });
  }
});

it('brings a swap to its end that the disk refused a step of, and serves on', async () => {
  const probe = await dirtyLog(3);
  const from = probe.disk.changes;
  await cleanNow(probe.log, cleaningTools(probe.bench, probe.random));
  const steps = probe.disk.changes - from;
  for (let step = 0; step < steps; step++) {
    const run = await dirtyLog(3);
    const table = tableOf(recordsOf(run.log));
    run.disk.refusesAt = run.disk.changes + step;
    await cleanNow(run.log, cleaningTools(run.bench, run.random)).catch((error: unknown) =>
      expect(error).toBeInstanceOf(ChangeRefused),
    );
    expect(tableOf(recordsOf(run.log)), `step ${step}`).toEqual(table);
    await cleanNow(run.log, cleaningTools(run.bench, run.random));
    expect(tableOf(recordsOf(run.log)), `step ${step}, once more`).toEqual(table);
    run.log.close({ clean: true });
    expect(tableOf(recordsOf(run.open())), `step ${step}, after a start`).toEqual(table);
  }
});
