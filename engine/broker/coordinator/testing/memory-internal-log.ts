import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AppendOutcome, InternalLog, KeyValue, LoadSummary, StoredRecord } from '../internal-log.ts';

/** An internal topic with one partition in memory. Appends wait when `holds` is set, else they are committed at once. */
export class MemoryInternalLog implements InternalLog {
  readonly records: StoredRecord[] = [];
  holds = false;
  failWith: ErrorCode = errorCode.NONE;
  /** The next loads fail with these, in order, after they have handed over every record. */
  readonly loadFailures: Error[] = [];
  /** Loads that were begun. */
  loads = 0;
  controlBatches = 0;
  readonly #pending: (() => void)[] = [];

  partitionCount(): number {
    return 1;
  }

  append(_partition: number, records: readonly KeyValue[]): Promise<AppendOutcome> {
    if (this.failWith !== errorCode.NONE) return Promise.resolve({ errorCode: this.failWith, baseOffset: -1 });
    const baseOffset = this.records.length;
    for (const [index, record] of records.entries()) this.records.push({ ...record, offset: baseOffset + index });
    const done: AppendOutcome = { errorCode: errorCode.NONE, baseOffset };
    if (!this.holds) return Promise.resolve(done);
    return new Promise((resolve) => this.#pending.push(() => resolve(done)));
  }

  /** Commits everything that was held back. */
  release(): void {
    for (const commit of this.#pending.splice(0)) commit();
  }

  async load(_partition: number, each: (record: StoredRecord) => void): Promise<LoadSummary> {
    this.loads++;
    for (const record of this.records) each(record);
    const failure = this.loadFailures.shift();
    if (failure) throw failure;
    return { controlBatches: this.controlBatches };
  }
}
