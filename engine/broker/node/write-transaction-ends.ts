import type { Clock } from '../../base/clock.ts';
import { settledWithin } from '../../base/settled-within.ts';
import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { offsetsTopicName } from '../../protocol/system-topics.ts';
import { encodeMarker } from '../../records/transaction-marker.ts';
import type { GroupCoordinator } from '../group/group-coordinator.ts';
import type { ReplicaManager } from '../replica/replica-manager.ts';
import type { Ending, MarkersForBroker } from '../txn/markers/marker-delivery.ts';
import type { PartitionOutcome } from '../txn/transaction.ts';

/** Longest wait for the in-sync replicas of a partition, in ms; the marker may take effect after that all the same. */
const endWaitMsMax = 5_000;

export interface EndWriting {
  readonly clock: Clock;
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
}

/**
 * Writes the end of a transaction to partitions that this broker leads, and waits until all in-sync replicas have it. Partitions with
 * offsets of groups get it through their coordinator, which counts or forgets the offsets with it.
 */
export function writeTransactionEnds(
  writing: EndWriting,
  { partitions, ...ending }: MarkersForBroker,
): Promise<readonly PartitionOutcome[]> {
  const rows = [...partitions].flatMap(([topic, indexes]) => indexes.map((partition) => ({ topic, partition })));
  return Promise.all(
    rows.map(async (row) => {
      const writes = writeEnd(writing, row.topic, row.partition, ending);
      const isSettled = await settledWithin(writing.clock, endWaitMsMax, writes);
      return { ...row, code: isSettled ? await writes : errorCode.REQUEST_TIMED_OUT };
    }),
  );
}

async function writeEnd(
  { clock, replicas, groups }: EndWriting,
  topic: string,
  partition: number,
  ending: Ending,
): Promise<ErrorCode> {
  if (!replicas.hostedPartition(topic, partition)) return errorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (topic === offsetsTopicName) return groups.endTransaction(partition, ending);
  const { transactionVersion } = ending;
  const marker = encodeMarker(ending, ending, clock.now());
  return (await replicas.appendInternal(topic, partition, marker, { transactionVersion })).errorCode;
}
