import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { WriteTxnMarkersRequest } from '../../../protocol/schemas/27-write-txn-markers.ts';
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from '../../../protocol/schemas/27-write-txn-markers.ts';
import { brokerOrAdminRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * WriteTxnMarkers 1-2: ends of transactions, from their coordinators to the leaders of their partitions.
 * - ALTER or CLUSTER_ACTION on the cluster: administrators end what hangs by it (KIP-664).
 * - Each partition has its own error. NONE: all in-sync replicas have the marker.
 * - 2: the version of the transaction; from 2 on a marker has a newer epoch than the records (KIP-1228).
 */

type Marker = WriteTxnMarkersRequest['markers'][number];
type CodeOf = (topic: string, partition: number) => ErrorCode;

export const writeTxnMarkersHandler = defineHandler(writeTxnMarkersRequest, writeTxnMarkersResponse, {
  needs: ['writeTransactionEnds'],
  right: brokerOrAdminRight,
  refuse: ({ markers }, code) => ({ markers: markers.map((marker) => rowOf(marker, () => code)) }),
  handle: async ({ markers }, _context, { writeTransactionEnds }) => {
    const rows = markers.map(async (marker) => {
      const { topics, transactionResult, ...ending } = marker;
      const partitions = new Map(topics.map(({ name, partitionIndexes }) => [name, partitionIndexes]));
      const outcomes = await writeTransactionEnds({ ...ending, isAbort: !transactionResult, partitions });
      const codes = new Map(outcomes.map(({ topic, partition, code }) => [`${topic}-${partition}`, code]));
      return rowOf(marker, (topic, partition) => codes.get(`${topic}-${partition}`) ?? errorCode.UNKNOWN_SERVER_ERROR);
    });
    return { markers: await Promise.all(rows) };
  },
});

function rowOf({ producerId, topics }: Marker, codeOf: CodeOf) {
  return {
    producerId,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: codeOf(name, partitionIndex),
      })),
    })),
  };
}
