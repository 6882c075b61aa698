import { describe, expect, it } from 'vitest';
import type { Random } from '../../../base/random.ts';
import { randomBelow } from '../../../base/random.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { Compression, RecordInput } from '../../../records/record-batch.ts';
import { compressions, encodeBatch } from '../../../records/record-batch.ts';
import { compress } from '../../../records/record-compress.ts';
import { encodeMarker } from '../../../records/transaction-marker.ts';
import type { LogConfig } from '../log-config.ts';
import type { PartitionLog } from '../partition-log.ts';
import type { SeenRecord } from '../testing/cleaning-bench.ts';
import { cleaningTools, cleanNow, recordsOf, tableOf } from '../testing/cleaning-bench.ts';
import { smallConfig, testLog } from '../testing/test-batches.ts';

const config: LogConfig = {
  ...smallConfig,
  segmentBytes: 2_000,
  isCompacted: true,
  isDeleted: false,
  deleteRetentionMs: 1_000,
};
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
const stepsPerSeed = 150;

interface Producer {
  readonly id: number;
  sequence: number;
  /** Records of the transaction that is open. */
  open: SeenRecord[] | undefined;
}

/** A compacted log beside the simplest thing that could be one: a list of committed records, and the table they make. */
class Run {
  readonly random: Random;
  readonly bench: ReturnType<typeof testLog>;
  log: PartitionLog;
  checkpoint: number | undefined;
  /** Committed records by offset. */
  readonly committed = new Map<number, SeenRecord>();
  readonly aborted = new Set<number>();
  readonly producers: Producer[] = [1, 2, 3].map((id) => ({ id, sequence: 0, open: undefined }));
  written = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.bench = testLog(config, seed);
    this.log = this.bench.open();
  }

  below(bound: number): number {
    return randomBelow(this.random, bound);
  }

  records(): RecordInput[] {
    return Array.from({ length: 1 + this.below(5) }, () => ({
      key: Buffer.from(`key-${this.below(12)}`),
      value: this.below(4) === 0 ? null : Buffer.from(`v${this.written++}${'.'.repeat(this.below(60))}`),
      timestamp: this.bench.clock.now() - this.below(500),
      headers: this.below(5) === 0 ? [{ key: 'h', value: Buffer.from('1') }] : [],
    }));
  }

  append(producer: Producer | undefined, isTransactional: boolean): SeenRecord[] {
    const records = this.records();
    const type = compressions[this.below(3) === 0 ? this.below(compressions.length) : 0] as Compression;
    const batch = encodeBatch({
      records,
      baseTimestamp: records[0]!.timestamp!,
      producerId: producer?.id ?? -1,
      producerEpoch: producer ? 0 : -1,
      baseSequence: producer?.sequence ?? -1,
      isTransactional,
      compress: { type, apply: (bytes) => compress(type, bytes) },
    });
    const verification =
      producer && isTransactional ? this.log.startVerification(producer.id, 0, producer.sequence) : undefined;
    const appended = this.log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification });
    if (!appended.ok) throw new Error(appended.error.message);
    if (producer) producer.sequence += records.length;
    return records.map(({ key, value, timestamp }, index) => ({
      offset: appended.value.firstOffset + index,
      key: String(key),
      value: value === null ? null : String(value),
      timestamp: timestamp!,
    }));
  }

  write(): void {
    const producer = this.below(3) === 0 ? undefined : this.producers[this.below(this.producers.length)];
    if (!producer) return this.commit(this.append(undefined, false));
    if (!producer.open && this.below(2) === 0) return this.commit(this.append(producer, false));
    producer.open = [...(producer.open ?? []), ...this.append(producer, true)];
    if (this.below(3) === 0) this.end(producer);
  }

  end(producer: Producer): void {
    if (!producer.open) return;
    const isAbort = this.below(3) === 0;
    const marker = encodeMarker(
      { isAbort, coordinatorEpoch: 0 },
      { producerId: producer.id, producerEpoch: 0 },
      this.bench.clock.now(),
    );
    expect(this.log.appendAsLeader(marker, { leaderEpoch: 0, origin: 'internal' }).ok).toBe(true);
    if (isAbort) for (const { offset } of producer.open) this.aborted.add(offset);
    else this.commit(producer.open);
    producer.open = undefined;
  }

  commit(records: readonly SeenRecord[]): void {
    for (const record of records) this.committed.set(record.offset, record);
  }

  async clean(): Promise<void> {
    const tools = cleaningTools(this.bench, this.random, { keysMax: this.below(3) === 0 ? 3 : 100 });
    const result = await cleanNow(
      this.log,
      tools,
      this.checkpoint === undefined ? {} : { checkpoint: this.checkpoint },
    );
    if (result) this.checkpoint = result.endOffset;
    this.check();
  }

  restart(): void {
    const isClean = this.below(2) === 0;
    this.log.close({ clean: isClean });
    if (!isClean) this.bench.disk.crash({ unsynced: 'keep' });
    this.log = this.bench.open({ cleanShutdown: isClean });
    this.check();
  }

  /** Whatever was cleaned, a reader of committed records from zero sees the last value of every key, and no other records than were written. */
  check(): void {
    const stable = this.log.lastStableOffset(this.log.endOffset);
    const expected = [...this.committed.values()]
      .filter(({ offset }) => offset < stable)
      .sort((a, b) => a.offset - b.offset);
    const seen = recordsOf(this.log);
    expect(tableOf(seen)).toEqual(tableOf(expected));
    for (const record of seen) expect(record).toEqual(this.committed.get(record.offset));
    const offsets = seen.map(({ offset }) => offset);
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    const latest = new Map(expected.map((record) => [record.key, record]));
    const left = new Set(offsets);
    for (const record of latest.values()) if (record.value !== null) expect(left.has(record.offset)).toBe(true);
  }

  /** Producers go on where they were, and a batch that was sent twice is known. */
  checkProducers(): void {
    for (const producer of this.producers) {
      this.end(producer);
      if (producer.sequence > 0) this.commit(this.append(producer, false));
    }
    this.check();
  }
}

describe.each(seeds)('a compacted log, seed %i', (seed) => {
  it('shows the last value of every key whatever is cleaned, and when', async () => {
    const run = new Run(seed);
    for (let step = 0; step < stepsPerSeed; step++) {
      run.write();
      const dice = run.below(20);
      if (dice === 0) await run.clean();
      else if (dice === 1) run.restart();
      else if (dice === 2) run.bench.clock.advance(run.below(900));
    }
    await run.clean();
    run.restart();
    run.checkProducers();
  });
});
