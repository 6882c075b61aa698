import type { Consumer, KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import type { ReceivedRecord, RecordHeader } from './received-record.ts';

/** The library does not export its response types by name. */
export type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
export type FetchResponsePartition = FetchResponse['responses'][number]['partitions'][number];

const attributeLogAppendTime = 1 << 3;
const attributeTransactional = 1 << 4;
const attributeControl = 1 << 5;
const noHeaders: readonly RecordHeader[] = [];

/** What one partition of a fetch response holds for a reader at `fromOffset`. */
export interface DeliverableRecords {
  readonly records: ReceivedRecord[];
  /** Where to fetch next: after the last batch, whether or not it held records for us. */
  readonly nextOffset: number;
}

/**
 * Picks the records that a reader may see: not below `fromOffset` (a batch is always sent whole), no control records, and with
 * `readCommitted` none of an aborted transaction. The library filters aborted ones only when their marker came in the same
 * response; the rule here is the one of Kafka's own client (`CompletedFetch.nextFetchedRecord`).
 */
export function deliverableRecords(
  topic: string,
  partition: FetchResponsePartition,
  fromOffset: number,
  readCommitted: boolean,
): DeliverableRecords {
  const records: ReceivedRecord[] = [];
  let nextOffset = fromOffset;
  const aborted = readCommitted
    ? (partition.abortedTransactions ?? []).toSorted((a, b) => Number(a.firstOffset - b.firstOffset))
    : [];
  let abortedHead = 0;
  const abortedProducers = new Set<bigint>();
  for (const batch of partition.records ?? []) {
    const base = Number(batch.firstOffset);
    const last = base + batch.lastOffsetDelta;
    while (abortedHead < aborted.length && Number(aborted[abortedHead]!.firstOffset) <= last)
      abortedProducers.add(aborted[abortedHead++]!.producerId);
    if (last >= nextOffset) {
      if (batch.attributes & attributeControl) {
        if (isAbortMarker(batch)) abortedProducers.delete(batch.producerId);
      } else if (!(batch.attributes & attributeTransactional && abortedProducers.has(batch.producerId))) {
        appendRecords(records, topic, partition.partitionIndex, batch, base, fromOffset);
      }
      nextOffset = last + 1;
    }
  }
  return { records, nextOffset };
}

/** A control record's key is version and type; type 0 is an abort (KIP-98). */
function isAbortMarker(batch: RecordsBatch): boolean {
  return batch.records[0]?.key?.readInt16BE(2) === 0;
}

function appendRecords(
  into: ReceivedRecord[],
  topic: string,
  partition: number,
  batch: RecordsBatch,
  base: number,
  fromOffset: number,
): void {
  const isAppendTime = (batch.attributes & attributeLogAppendTime) !== 0;
  const firstTimestamp = Number(batch.firstTimestamp);
  for (const record of batch.records) {
    const offset = base + record.offsetDelta;
    if (offset < fromOffset) continue;
    into.push({
      topic,
      partition,
      offset,
      timestampMs: isAppendTime ? Number(batch.maxTimestamp) : firstTimestamp + Number(record.timestampDelta),
      timestampType: isAppendTime ? 'append' : 'create',
      key: record.key,
      value: record.value,
      headers: record.headers.length ? record.headers.map(toHeader) : noHeaders,
      sizeBytes: record.length,
    });
  }
}

function toHeader([key, value]: KafkaRecord['headers'][number]): RecordHeader {
  return { key: key?.toString('utf8') ?? '', value };
}
