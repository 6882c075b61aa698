import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { GroupRecord } from '../effects.ts';
import type { OffsetsAppend, OffsetsLog, StoredRecord } from '../offsets-log.ts';

/** `__consumer_offsets` with one partition in memory. Appends wait in `pending` when `holds` is set, else they are committed at once. */
export class MemoryOffsetsLog implements OffsetsLog {
  readonly records: StoredRecord[] = [];
  holds = false;
  readonly #pending: (() => void)[] = [];
  failWith: ErrorCode = errorCode.NONE;

  partitionCount(): number {
    return 1;
  }

  append(_partition: number, records: readonly GroupRecord[]): Promise<OffsetsAppend> {
    if (this.failWith !== errorCode.NONE) return Promise.resolve({ errorCode: this.failWith, baseOffset: -1 });
    const baseOffset = this.records.length;
    for (const [index, record] of records.entries()) this.records.push({ ...record, offset: baseOffset + index });
    const done: OffsetsAppend = { errorCode: errorCode.NONE, baseOffset };
    if (!this.holds) return Promise.resolve(done);
    return new Promise((resolve) => this.#pending.push(() => resolve(done)));
  }

  /** Commits everything that was held back. */
  release(): void {
    for (const commit of this.#pending.splice(0)) commit();
  }

  async load(_partition: number, each: (record: StoredRecord) => void): Promise<void> {
    for (const record of this.records) each(record);
  }
}
