import { describe, expect, it } from 'vitest';
import type { Random } from '../../base/random.ts';
import { randomBelow } from '../../base/random.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { batchOf } from '../../records/testing/batch-of.ts';
import type { PartitionLog } from './partition-log.ts';
import { append, testLog, valuesFrom } from './testing/test-batches.ts';

/** One batch as the model knows it. */
interface ModelBatch {
  readonly baseOffset: number;
  readonly values: readonly string[];
  readonly epoch: number;
  readonly sequence: number;
}

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
const stepsPerSeed = 120;
const producerId = 77;

/** A partition log beside the simplest thing that could be one: a list of batches. */
class Run {
  readonly random: Random;
  readonly bench: ReturnType<typeof testLog>;
  log: PartitionLog;
  batches: ModelBatch[] = [];
  startOffset = 0;
  endOffset = 0;
  /** Everything below has been synced and must survive any crash. */
  syncedOffset = 0;
  epoch = 0;
  sequence = 0;
  written = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.bench = testLog(undefined, seed);
    this.log = this.bench.open();
  }

  append(): void {
    if (randomBelow(this.random, 8) === 0) this.log.assignEpoch(++this.epoch, this.endOffset);
    const values = Array.from({ length: 1 + randomBelow(this.random, 3) }, () => `v${this.written++}`);
    if (randomBelow(this.random, 20) === 0) values.push('x'.repeat(400));
    const more = { producerId, producerEpoch: 0, baseSequence: this.sequence };
    const info = append(this.log, values, more, this.epoch);
    expect(info).toMatchObject({
      firstOffset: this.endOffset,
      lastOffset: this.endOffset + values.length - 1,
      duplicate: false,
    });
    this.batches.push({ baseOffset: this.endOffset, values, epoch: this.epoch, sequence: this.sequence });
    this.endOffset += values.length;
    this.sequence += values.length;
  }

  /** A client that got no answer sends one of its last five batches again. */
  repeat(): void {
    const last = this.batches.slice(-5);
    const batch = last[randomBelow(this.random, Math.max(last.length, 1))];
    if (!batch || batch.baseOffset < this.log.startOffset) return;
    const info = append(
      this.log,
      batch.values,
      { producerId, producerEpoch: 0, baseSequence: batch.sequence },
      this.epoch,
    );
    expect(info).toMatchObject({ duplicate: true, firstOffset: batch.baseOffset });
  }

  truncate(): void {
    const lowest = Math.max(this.startOffset, this.endOffset - 30);
    const offset = lowest + randomBelow(this.random, this.endOffset - lowest + 1);
    this.log.truncateTo(offset);
    this.cutModel(offset);
  }

  cutModel(offset: number): void {
    this.endOffset = Math.min(this.endOffset, offset);
    while (this.batches.length && this.#endOf(this.batches.at(-1)!) > offset)
      this.endOffset = this.batches.pop()!.baseOffset;
    this.startOffset = Math.min(this.startOffset, this.endOffset);
    const last = this.batches.at(-1);
    if (last) this.sequence = last.sequence + last.values.length;
    this.syncedOffset = Math.min(this.syncedOffset, this.endOffset);
    this.epoch = Math.max(this.epoch, 0) + 1;
  }

  deleteRecords(): void {
    const offset = this.startOffset + randomBelow(this.random, this.endOffset - this.startOffset + 1);
    this.log.deleteRecordsBefore(offset);
    this.startOffset = Math.max(this.startOffset, offset);
  }

  async flush(): Promise<void> {
    await this.log.flush();
    this.syncedOffset = this.endOffset;
  }

  reopenCleanly(): void {
    this.log.close({ clean: true });
    this.syncedOffset = this.endOffset;
    this.log = this.bench.open({ cleanShutdown: true });
  }

  crash(): void {
    const recoveryPoint = randomBelow(this.random, 2) ? this.log.recoveryPoint : 0;
    this.bench.disk.crash({ unsynced: randomBelow(this.random, 3) ? 'tear' : 'lose' });
    this.log = this.bench.open({ recoveryPoint });
    expect(this.log.endOffset).toBeGreaterThanOrEqual(this.syncedOffset);
    expect(this.log.endOffset).toBeLessThanOrEqual(this.endOffset);
    this.cutModel(this.log.endOffset);
    this.startOffset = Math.min(this.startOffset, this.log.endOffset);
  }

  check(): void {
    const { log } = this;
    expect([log.startOffset, log.endOffset]).toEqual([this.startOffset, this.endOffset]);
    const all = this.batches.flatMap((batch) => batch.values.map((value, at) => `${batch.baseOffset + at}:${value}`));
    const wanted = (from: number) => all.filter((value) => Number(value.split(':')[0]) >= from);
    expect(valuesFrom(log)).toEqual(wanted(this.startOffset));
    const from = this.startOffset + randomBelow(this.random, this.endOffset - this.startOffset + 1);
    expect(valuesFrom(log, from, 1 + randomBelow(this.random, 900))).toEqual(wanted(from));
    for (const batch of this.batches) {
      if (batch.baseOffset >= this.startOffset) expect(log.epochAt(batch.baseOffset)).toBe(batch.epoch);
    }
  }

  #endOf(batch: ModelBatch): number {
    return batch.baseOffset + batch.values.length;
  }
}

describe('a log against its model', () => {
  for (const seed of seeds) {
    it(`agrees after appends, cuts, crashes and restarts (seed ${seed})`, async () => {
      const run = new Run(seed);
      for (let step = 0; step < stepsPerSeed; step++) {
        const choice = randomBelow(run.random, 100);
        if (choice < 66) run.append();
        else if (choice < 76) run.repeat();
        else if (choice < 80) run.truncate();
        else if (choice < 83) run.deleteRecords();
        else if (choice < 89) await run.flush();
        else if (choice < 93) run.reopenCleanly();
        else if (choice < 98) run.crash();
        run.check();
      }
    });
  }

  it('refuses a batch that leaves a gap on a follower', () => {
    const { log } = new Run(0);
    expect(log.appendAsFollower(batchOf(['a'], { baseOffset: 3 }))).toMatchObject({ ok: false, error: { code: 1 } });
  });
});
