import type { ErrorCode } from '../../protocol/error-codes.ts';

/** A record of an internal topic as it is written. A null value is a tombstone. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** A record as it was read back. */
export interface StoredRecord extends KeyValue {
  readonly offset: number;
  /** Whose transaction it belongs to: it counts when that is committed. Undefined outside of transactions. */
  readonly producerId?: number | undefined;
}

/** The end of a producer's transaction in one partition. */
export interface TransactionEnd {
  readonly producerId: number;
  readonly isAbort: boolean;
}

/** An end as a transaction coordinator has it written. */
export interface EndToWrite extends TransactionEnd {
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly transactionVersion: number;
}

/** The transaction that records are written in. */
export interface WritingTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Of the question whether the partition is in the transaction; undefined where it is open there already. */
  readonly verification: { readonly producerId: number } | undefined;
}

/** The outcome of an append: `errorCode` NONE once the records are committed, `baseOffset` of the first of them. */
export interface AppendOutcome {
  readonly errorCode: ErrorCode;
  readonly baseOffset: number;
}

/** What a load came across besides the records that it handed over. */
export interface LoadSummary {
  /** Batches that hold neither records nor ends of transactions: skipped. */
  readonly controlBatches: number;
}

/** A topic in which a coordinator keeps its state. The broker's node gives one that lies on its replicas. */
export interface InternalLog {
  /** Number of partitions, or undefined while the topic does not exist. */
  partitionCount(): number | undefined;
  /**
   * Appends records to a partition that this broker leads; resolves when all in-sync replicas have them or it failed, for
   * appends to one partition in the order in which they were begun.
   * @param transaction that the records belong to
   */
  append(partition: number, records: readonly KeyValue[], transaction?: WritingTransaction): Promise<AppendOutcome>;
  /** Appends the end of a transaction; resolves as `append` does. */
  appendEnd(partition: number, end: EndToWrite): Promise<AppendOutcome>;
  /**
   * Reads a partition from its start to where it ended when this broker became its leader; waits until that end is committed.
   * Hands over records and ends of transactions in the order of the log.
   * @throws UnreadableRecordError when bytes are not what they should be; MillraceError when it may work later
   */
  load(
    partition: number,
    each: (record: StoredRecord) => void,
    ended: (end: TransactionEnd) => void,
  ): Promise<LoadSummary>;
}
