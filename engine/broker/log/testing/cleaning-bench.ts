import type { Random } from '../../../base/random.ts';
import { batchesOf, decodeRecords } from '../../../records/record-batch.ts';
import { decompress } from '../../../records/record-decompress.ts';
import { InflationGate } from '../checks/inflation-gate.ts';
import type { CleaningResult, CleaningTools } from '../cleaning/cleaning-tools.ts';
import { KeyHash } from '../cleaning/key-hash.ts';
import { slotBytes } from '../cleaning/offset-map.ts';
import type { PartitionLog } from '../partition-log.ts';
import type { testLog } from './test-batches.ts';

/** A record as a reader sees it; control batches aside. */
export interface SeenRecord {
  readonly offset: number;
  readonly key: string | null;
  /** null: a tombstone. */
  readonly value: string | null;
  readonly timestamp: number;
}

/** Tools of a cleaning whose map has room for `keysMax` keys, which reads little at a time. */
export function cleaningTools(
  bench: ReturnType<typeof testLog>,
  random: Random,
  { keysMax = 1_000, ioBytes = 256 }: { keysMax?: number; ioBytes?: number } = {},
): CleaningTools {
  return {
    hash: new KeyHash(random.bytes(8)),
    dedupeBytesMax: Math.ceil((keysMax + 1) / 0.9) * slotBytes,
    loadFactor: 0.9,
    ioBytes,
    inflations: new InflationGate(bench.clock),
    pace: async () => {},
  };
}

/** Cleans a log whether it is due or not; undefined when there is nothing to clean, or the log changed meanwhile. */
export async function cleanNow(
  log: PartitionLog,
  tools: CleaningTools,
  {
    stableOffset = log.lastStableOffset(log.endOffset),
    checkpoint,
  }: { stableOffset?: number; checkpoint?: number } = {},
): Promise<CleaningResult | undefined> {
  const range = log.cleanableRange(stableOffset, checkpoint);
  return range.dirtyBytes > 0 ? log.clean(range, tools) : undefined;
}

/** Every record from the start on, without those of transactions that a reader of committed records leaves out. */
export function recordsOf(log: PartitionLog, isolation: 'committed' | 'all' = 'committed'): SeenRecord[] {
  const before = isolation === 'all' ? log.endOffset : log.lastStableOffset(log.endOffset);
  const aborted = isolation === 'all' ? [] : log.abortedTransactions(log.startOffset, before);
  const seen: SeenRecord[] = [];
  for (let offset = log.startOffset; offset < before; ) {
    const read = log.read(offset, { maxBytes: 500, before, atLeastOneBatch: true });
    if (!read.ok) throw new Error(read.error.message);
    if (read.value.nextOffset === offset) break;
    for (const batch of batchesOf(read.value.records)) {
      const isControl = (batch.readInt16BE(21) & 32) !== 0;
      const producerId = Number(batch.readBigInt64BE(43));
      const isTransactional = (batch.readInt16BE(21) & 16) !== 0;
      for (const record of isControl ? [] : decodeRecords(batch, { decompress })) {
        const { offset, key, value, timestamp } = record;
        const isAborted = aborted.some(
          (entry) => entry.producerId === producerId && entry.firstOffset <= offset && offset < entry.lastOffset,
        );
        if (offset < log.startOffset || (isTransactional && isAborted)) continue;
        seen.push({
          offset,
          key: key === null ? null : key.toString(),
          value: value === null ? null : value.toString(),
          timestamp,
        });
      }
    }
    offset = read.value.nextOffset;
  }
  return seen;
}

/** The last value of each key, tombstones left out: what a table made from the log holds. */
export function tableOf(records: readonly SeenRecord[]): Map<string, string> {
  const table = new Map<string, string>();
  for (const { key, value } of records) {
    if (key === null) continue;
    if (value === null) table.delete(key);
    else table.set(key, value);
  }
  return new Map([...table].sort());
}
