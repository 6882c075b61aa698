import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type {
  AppendOutcome,
  EndToWrite,
  InternalLog,
  KeyValue,
  LoadSummary,
  StoredRecord,
  TransactionEnd,
  WritingTransaction,
} from '../internal-log.ts';

/** An internal topic with one partition in memory. Appends wait when `holds` is set, else they are committed at once. */
export class MemoryInternalLog implements InternalLog {
  readonly records: StoredRecord[] = [];
  /** Ends of transactions, by the offset that each has. */
  readonly ends = new Map<number, EndToWrite>();
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

  append(_partition: number, records: readonly KeyValue[], transaction?: WritingTransaction): Promise<AppendOutcome> {
    if (this.failWith !== errorCode.NONE) return Promise.resolve({ errorCode: this.failWith, baseOffset: -1 });
    const baseOffset = this.#endOffset;
    const producer = transaction && { producerId: transaction.producerId };
    for (const [index, record] of records.entries())
      this.records.push({ ...record, ...producer, offset: baseOffset + index });
    return this.#committed(baseOffset);
  }

  appendEnd(_partition: number, end: EndToWrite): Promise<AppendOutcome> {
    if (this.failWith !== errorCode.NONE) return Promise.resolve({ errorCode: this.failWith, baseOffset: -1 });
    const baseOffset = this.#endOffset;
    this.ends.set(baseOffset, end);
    return this.#committed(baseOffset);
  }

  get #endOffset(): number {
    return this.records.length + this.ends.size;
  }

  #committed(baseOffset: number): Promise<AppendOutcome> {
    const done: AppendOutcome = { errorCode: errorCode.NONE, baseOffset };
    if (!this.holds) return Promise.resolve(done);
    return new Promise((resolve) => this.#pending.push(() => resolve(done)));
  }

  /** Commits everything that was held back. */
  release(): void {
    for (const commit of this.#pending.splice(0)) commit();
  }

  async load(
    _partition: number,
    each: (record: StoredRecord) => void,
    ended: (end: TransactionEnd) => void,
  ): Promise<LoadSummary> {
    this.loads++;
    const records = new Map(this.records.map((record) => [record.offset, record]));
    for (let offset = 0; offset < this.#endOffset; offset++) {
      const record = records.get(offset);
      const end = this.ends.get(offset);
      if (record) each(record);
      if (end) ended(end);
    }
    const failure = this.loadFailures.shift();
    if (failure) throw failure;
    return { controlBatches: this.controlBatches };
  }
}
