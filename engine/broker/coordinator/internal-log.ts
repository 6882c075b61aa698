import type { ErrorCode } from '../../protocol/error-codes.ts';

/** A record of an internal topic as it is written. A null value is a tombstone. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** A record as it was read back. */
export interface StoredRecord extends KeyValue {
  readonly offset: number;
}

/** The outcome of an append: `errorCode` NONE once the records are committed, `baseOffset` of the first of them. */
export interface AppendOutcome {
  readonly errorCode: ErrorCode;
  readonly baseOffset: number;
}

/** What a load came across besides the records that it handed over. */
export interface LoadSummary {
  /** Batches that hold markers of transactions, not records: skipped. */
  readonly controlBatches: number;
}

/** A topic in which a coordinator keeps its state. The broker's node gives one that lies on its replicas. */
export interface InternalLog {
  /** Number of partitions, or undefined while the topic does not exist. */
  partitionCount(): number | undefined;
  /**
   * Appends records to a partition that this broker leads; resolves when all in-sync replicas have them or it failed, for
   * appends to one partition in the order in which they were begun.
   */
  append(partition: number, records: readonly KeyValue[]): Promise<AppendOutcome>;
  /**
   * Reads a partition from its start to where it ended when this broker became its leader; waits until that end is committed.
   * @throws UnreadableRecordError when bytes are not what they should be; MillraceError when it may work later
   */
  load(partition: number, each: (record: StoredRecord) => void): Promise<LoadSummary>;
}
