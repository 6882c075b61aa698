import { silentLog } from '../../../base/log.ts';
import type { Result } from '../../../base/result.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { BatchInput } from '../../../records/record-batch.ts';
import { batchesOf, decodeRecords } from '../../../records/record-batch.ts';
import { batchOf, testNowMs } from '../../../records/testing/batch-of.ts';
import { encodeMarker } from '../../../records/transaction-marker.ts';
import type { LogConfig } from '../log-config.ts';
import { defaultLogConfig } from '../log-config.ts';
import type { AppendInfo, LogRefusal } from '../partition-log.ts';
import { PartitionLog } from '../partition-log.ts';

export const testFolder = 'data/orders-0';

/** Segments of about ten small batches, an index entry for every second one. */
export const smallConfig: LogConfig = { ...defaultLogConfig, segmentBytes: 1000, indexIntervalBytes: 100 };

/** A disk, a clock that starts at `testNowMs`, and a way to open (again) the log on them. */
export function testLog(config: LogConfig = smallConfig, seed = 1) {
  const disk = new MemoryDisk(new SeededRandom(seed));
  const clock = new ManualClock(testNowMs);
  const open = (options: { cleanShutdown?: boolean; recoveryPoint?: number; config?: LogConfig } = {}): PartitionLog =>
    PartitionLog.open({ disk, clock, log: silentLog, folder: testFolder, config, cleanShutdown: false, ...options });
  return { disk, clock, open };
}

/** Appends as a leader and expects success. */
export function append(
  log: PartitionLog,
  values: readonly string[],
  more: Partial<BatchInput> = {},
  leaderEpoch = 0,
): AppendInfo {
  const result = log.appendAsLeader(batchOf(values, more), { leaderEpoch, origin: 'client' });
  if (!result.ok) throw new Error(`refused: ${result.error.message}`);
  return result.value;
}

/** Appends as a leader what a producer sends in a transaction that has this partition, and expects success. */
export function appendInTransaction(
  log: PartitionLog,
  values: readonly string[],
  producerId: number,
  { epoch = 0, sequence = 0 } = {},
): AppendInfo {
  const verification = log.startVerification(producerId, epoch, sequence);
  const producer = { producerId, producerEpoch: epoch, baseSequence: sequence, isTransactional: true };
  const options = { leaderEpoch: 0, origin: 'client', verification } as const;
  const result = log.appendAsLeader(batchOf(values, producer), options);
  if (!result.ok) throw new Error(`refused: ${result.error.message}`);
  return result.value;
}

/** Appends the end of a producer's transaction, as its coordinator does. */
export function appendMarker(
  log: PartitionLog,
  producerId: number,
  outcome: 'commit' | 'abort',
  { epoch = 0, coordinatorEpoch = 0, transactionVersion = 0 } = {},
): Result<AppendInfo, LogRefusal> {
  const marker = { isAbort: outcome === 'abort', coordinatorEpoch };
  const records = encodeMarker(marker, { producerId, producerEpoch: epoch }, testNowMs);
  return log.appendAsLeader(records, { leaderEpoch: 0, origin: 'internal', transactionVersion });
}

/** Appends a client's bytes and expects a refusal. */
export function refusalOf(log: PartitionLog, records: Buffer): LogRefusal {
  const endOffset = log.endOffset;
  const result = log.appendAsLeader(records, { leaderEpoch: 0, origin: 'client' });
  if (result.ok) throw new Error(`accepted at ${result.value.firstOffset}`);
  if (log.endOffset !== endOffset) throw new Error('a refused append moved the end offset');
  return result.error;
}

/** Every value from `from` on, read in steps of `maxBytes`, as `offset:value`. */
export function valuesFrom(log: PartitionLog, from = log.startOffset, maxBytes = 300): string[] {
  const values: string[] = [];
  for (let offset = from; offset < log.endOffset; ) {
    const read = log.read(offset, { maxBytes, before: log.endOffset, atLeastOneBatch: true });
    if (!read.ok) throw new Error(read.error.message);
    if (read.value.nextOffset === offset) throw new Error(`nothing at ${offset} below ${log.endOffset}`);
    for (const batch of batchesOf(read.value.records))
      for (const record of decodeRecords(batch))
        if (record.offset >= from) values.push(`${record.offset}:${record.value}`);
    offset = read.value.nextOffset;
  }
  return values;
}
