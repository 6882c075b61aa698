import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import { batchesOf, decodeRecords, encodeBatch, readBatchHeader } from '../../records/record-batch.ts';
import { decompress } from '../../records/record-decompress.ts';
import { encodeMarker, markerAt } from '../../records/transaction-marker.ts';
import type { ClusterView } from '../api/metadata/cluster-view.ts';
import type {
  AppendOutcome,
  EndToWrite,
  InternalLog,
  KeyValue,
  LoadSummary,
  StoredRecord,
  TransactionEnd,
  WritingTransaction,
} from '../coordinator/internal-log.ts';
import { UnreadableRecordError } from '../coordinator/unreadable-record-error.ts';
import type { InternalAppend, ReplicaManager } from '../replica/replica-manager.ts';

/** Bytes of a topic that are read at a time when a partition is loaded; others have their turn between two reads. */
const loadChunkBytesMax = 1_048_576;

export interface ReplicaInternalLogOptions {
  readonly topic: string;
  readonly replicas: ReplicaManager;
  readonly metadata: () => ClusterView;
  readonly clock: Clock;
}

/** A coordinator's topic on this broker's replicas. */
export class ReplicaInternalLog implements InternalLog {
  readonly #options: ReplicaInternalLogOptions;

  constructor(options: ReplicaInternalLogOptions) {
    this.#options = options;
  }

  partitionCount(): number | undefined {
    return this.#options.metadata().topics.get(this.#options.topic)?.partitions.length;
  }

  append(partition: number, records: readonly KeyValue[], transaction?: WritingTransaction): Promise<AppendOutcome> {
    const baseTimestamp = this.#options.clock.now();
    if (!transaction) return this.appendBatch(partition, encodeBatch({ records, baseTimestamp }));
    const { producerId, producerEpoch, verification } = transaction;
    const batch = encodeBatch({ records, baseTimestamp, producerId, producerEpoch, isTransactional: true });
    return this.appendBatch(partition, batch, { verification });
  }

  appendEnd(partition: number, end: EndToWrite): Promise<AppendOutcome> {
    const { transactionVersion } = end;
    return this.appendBatch(partition, encodeMarker(end, end, this.#options.clock.now()), { transactionVersion });
  }

  /** Appends a batch as it is; control batches too. */
  appendBatch(partition: number, batch: Buffer, options: InternalAppend = {}): Promise<AppendOutcome> {
    return this.#options.replicas.appendInternal(this.#options.topic, partition, batch, options);
  }

  async load(
    partition: number,
    each: (record: StoredRecord) => void,
    ended: (end: TransactionEnd) => void,
  ): Promise<LoadSummary> {
    const { replicas, topic, clock } = this.#options;
    const hosted = replicas.hostedPartition(topic, partition);
    const end = hosted?.leaderRole?.epochStartOffset;
    const isCommitted = await replicas.whenElectionCommitted(topic, partition);
    if (!hosted || end === undefined || !isCommitted) throw this.#lostLeadership(partition);
    let controlBatches = 0;
    for (let offset = hosted.log.startOffset; offset < end; ) {
      const read = replicas.readCommitted(topic, partition, offset, loadChunkBytesMax);
      if (!read.ok) throw new MillraceError('COORDINATOR_NOT_LOADED', read.error.message, { retriable: true });
      let next = offset;
      for (const batch of batchesOf(read.value.records)) {
        const { isControl, isTransactional, lastOffset, producerId } = readBatchHeader(batch);
        const marker = isControl ? markerAt(batch, 0) : undefined;
        if (marker) ended({ producerId, isAbort: marker.isAbort });
        else if (isControl) controlBatches++;
        else handOver(batch, isTransactional ? producerId : undefined, each);
        next = lastOffset + 1;
      }
      if (next === offset) throw this.#lostLeadership(partition);
      offset = next;
      if (offset < end) await new Promise<void>((resolve) => clock.soon(resolve));
    }
    return { controlBatches };
  }

  #lostLeadership(partition: number): MillraceError {
    const message = `expected to lead ${this.#options.topic}-${partition} until it was read, found that it moved`;
    return new MillraceError('COORDINATOR_NOT_LOADED', message, { retriable: true });
  }
}

/** Hands over every record of a batch. Records without a key say nothing that a coordinator knows. */
function handOver(batch: Buffer, producerId: number | undefined, each: (record: StoredRecord) => void): void {
  for (const { offset, key, value } of recordsOf(batch)) if (key) each({ offset, key, value, producerId });
}

function recordsOf(batch: Buffer): ReturnType<typeof decodeRecords> {
  try {
    return decodeRecords(batch, { decompress });
  } catch (error) {
    throw new UnreadableRecordError(readBatchHeader(batch).baseOffset, error);
  }
}
