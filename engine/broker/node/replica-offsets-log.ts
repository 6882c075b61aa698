import type { Clock } from '../../base/clock.ts';
import { MillraceError } from '../../base/errors.ts';
import { offsetsTopicName } from '../../protocol/system-topics.ts';
import { batchesOf, decodeRecords, encodeBatch } from '../../records/record-batch.ts';
import type { ClusterView } from '../api/cluster-view.ts';
import type { GroupRecord } from '../group/effects.ts';
import type { OffsetsAppend, OffsetsLog, StoredRecord } from '../group/offsets-log.ts';
import type { ReplicaManager } from '../replica/replica-manager.ts';

/** Bytes of `__consumer_offsets` that are read at a time when a partition is loaded. */
const loadChunkBytesMax = 1_048_576;

export interface ReplicaOffsetsLogOptions {
  readonly replicas: ReplicaManager;
  readonly metadata: () => ClusterView;
  readonly clock: Clock;
}

/** `__consumer_offsets` on this broker's replicas. */
export class ReplicaOffsetsLog implements OffsetsLog {
  readonly #options: ReplicaOffsetsLogOptions;

  constructor(options: ReplicaOffsetsLogOptions) {
    this.#options = options;
  }

  partitionCount(): number | undefined {
    return this.#options.metadata().topics.get(offsetsTopicName)?.partitions.length;
  }

  append(partition: number, records: readonly GroupRecord[]): Promise<OffsetsAppend> {
    const batch = encodeBatch({ records, baseTimestamp: this.#options.clock.now() });
    return this.#options.replicas.appendInternal(offsetsTopicName, partition, batch);
  }

  async load(partition: number, each: (record: StoredRecord) => void): Promise<void> {
    const { replicas } = this.#options;
    const hosted = replicas.hostedPartition(offsetsTopicName, partition);
    const end = hosted?.leaderRole?.epochStartOffset;
    const isCommitted = await replicas.whenElectionCommitted(offsetsTopicName, partition);
    if (!hosted || end === undefined || !isCommitted) throw lostLeadership(partition);
    let offset = hosted.storage.startOffset;
    while (offset < end) {
      const read = replicas.readCommitted(offsetsTopicName, partition, offset, loadChunkBytesMax);
      if (!read.ok) throw new MillraceError('GROUPS_NOT_LOADED', read.error.message, { retriable: true });
      const next = loadBatches(read.value.records, each);
      if (next === undefined) throw lostLeadership(partition);
      offset = next;
    }
  }
}

function lostLeadership(partition: number): MillraceError {
  const message = `expected to lead ${offsetsTopicName}-${partition} until its groups were read, found that it moved`;
  return new MillraceError('GROUPS_NOT_LOADED', message, { retriable: true });
}

/** Hands over every record; returns the offset behind the last one, or undefined when there was none. */
function loadBatches(records: Buffer, each: (record: StoredRecord) => void): number | undefined {
  let next: number | undefined;
  for (const batch of batchesOf(records)) {
    for (const { offset, key, value } of decodeRecords(batch)) {
      if (key) each({ offset, key, value });
      next = offset + 1;
    }
  }
  return next;
}
