import * as layout from '../../../records/batch-layout.ts';
import type { BatchWorker } from './batch-walk.ts';
import type { CleanedTransactions } from './cleaned-transactions.ts';
import type { KeyHash } from './key-hash.ts';
import type { OffsetMap } from './offset-map.ts';
import { RecordCursor } from './record-cursor.ts';

export interface KeyMapperOptions {
  readonly map: OffsetMap;
  readonly hash: KeyHash;
  readonly transactions: CleanedTransactions;
  readonly firstDirtyOffset: number;
}

/** Notes the latest offset of each key, aborted records aside; ends the walk at the first key for which there is no room. */
export class KeyMapper implements BatchWorker {
  readonly #options: KeyMapperOptions;
  readonly #cursor = new RecordCursor();

  constructor(options: KeyMapperOptions) {
    this.#options = options;
  }

  enter(batch: Buffer): boolean {
    const { transactions } = this.#options;
    if (!layout.isControl(batch, 0)) return !transactions.passData(batch, 0);
    transactions.passControl(batch, 0);
    return false;
  }

  take(batch: Buffer, body: Buffer, from: number, hasRecords: boolean): boolean {
    const { map, hash, firstDirtyOffset } = this.#options;
    const lastOffset = layout.lastOffsetOf(batch, 0);
    if (lastOffset < firstDirtyOffset) return true;
    const count = hasRecords ? layout.recordCountOf(batch, 0) : 0;
    const baseOffset = layout.baseOffsetOf(batch, 0);
    const cursor = this.#cursor;
    cursor.begin(body, from);
    for (let index = 0; index < count; index++) {
      cursor.next();
      const offset = baseOffset + cursor.offsetDelta;
      if (offset < firstDirtyOffset || cursor.keyBytes < 0) continue;
      hash.run(body, cursor.keyAt, cursor.keyBytes);
      if (!map.put(hash, offset)) return false;
      map.latestOffset = offset;
    }
    map.latestOffset = lastOffset;
    return true;
  }
}
