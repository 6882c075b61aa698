import * as layout from './batch-layout.ts';
import { encodeBatch } from './record-batch.ts';
import { readVarint } from './varint.ts';

/** The end of a transaction as it stands in the log of each of its partitions (Kafka's EndTransactionMarker). */
export interface TransactionMarker {
  readonly isAbort: boolean;
  /** Epoch of the coordinator that decided. */
  readonly coordinatorEpoch: number;
}

/** Kafka's ControlRecordType. */
const controlType = { abort: 0, commit: 1 } as const;
const keyBytes = 4;
const valueBytes = 6;
const keyVersion = 0;
const valueVersion = 0;

/** The control batch that ends a transaction of a producer; the log gives it its offset. */
export function encodeMarker(
  marker: TransactionMarker,
  producer: { readonly producerId: number; readonly producerEpoch: number },
  timestampMs: number,
): Buffer {
  const key = Buffer.alloc(keyBytes);
  key.writeInt16BE(keyVersion, 0);
  key.writeInt16BE(marker.isAbort ? controlType.abort : controlType.commit, 2);
  const value = Buffer.alloc(valueBytes);
  value.writeInt16BE(valueVersion, 0);
  value.writeInt32BE(marker.coordinatorEpoch, 2);
  const bits = { isControl: true, isTransactional: true };
  return encodeBatch({ ...producer, ...bits, records: [{ key, value }], baseTimestamp: timestampMs });
}

/** The marker in the control batch at `position`; undefined when it is a control batch of another kind, or cannot be read. */
export function markerAt(buffer: Buffer, position: number): TransactionMarker | undefined {
  const end = position + layout.sizeOf(buffer, position);
  const cursor = { buffer: buffer.subarray(0, end), at: position + layout.batchHeaderBytes };
  try {
    readVarint(cursor); // length of the record
    cursor.at++; // its attributes
    readVarint(cursor); // time and offset, both 0
    readVarint(cursor);
    if (readVarint(cursor) < keyBytes) return undefined;
    const type = cursor.buffer.readInt16BE(cursor.at + 2);
    if (type !== controlType.abort && type !== controlType.commit) return undefined;
    cursor.at += keyBytes;
    if (readVarint(cursor) < valueBytes) return undefined;
    return { isAbort: type === controlType.abort, coordinatorEpoch: cursor.buffer.readInt32BE(cursor.at + 2) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
