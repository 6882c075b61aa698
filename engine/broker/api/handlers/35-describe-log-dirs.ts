import { errorCode } from '../../../protocol/error-codes.ts';
import type { DescribeLogDirsRequest } from '../../../protocol/schemas/35-describe-log-dirs.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from '../../../protocol/schemas/35-describe-log-dirs.ts';
import type { PartitionStatus } from '../../replica/partition-status.ts';
import { clusterRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeLogDirs 1-5.
 * - The replicas of this broker with their size in bytes; a client asks every broker. Null topics: all of them.
 * - One log folder. A partition that is not here has no row.
 * - offsetLag is how far the replica's end is below the high watermark that it knows.
 * - Bytes of the disk, all and usable (KIP-827); -1 where the system does not tell.
 * - Not implemented: cordoned folders.
 */

export const describeLogDirsHandler = defineHandler(describeLogDirsRequest, describeLogDirsResponse, {
  needs: ['dataFolder', 'diskSpace', 'replicas'],
  right: clusterRight('describe'),
  refuse: (_request, code) => ({ errorCode: code, results: [] }),
  handle: (request, _context, { dataFolder, diskSpace, replicas }) => {
    const wanted = wantedPartitions(request);
    const byTopic = new Map<string, PartitionStatus[]>();
    for (const status of replicas.partitionStatus()) {
      if (wanted && !wanted.get(status.topic)?.has(status.partition)) continue;
      const rows = byTopic.get(status.topic);
      if (rows) rows.push(status);
      else byTopic.set(status.topic, [status]);
    }
    const topics = [...byTopic].map(([name, rows]) => ({ name, partitions: rows.map(partitionRow) }));
    return {
      errorCode: errorCode.NONE,
      results: [{ errorCode: errorCode.NONE, logDir: dataFolder, topics, ...diskSpace() }],
    };
  },
});

function wantedPartitions({ topics }: DescribeLogDirsRequest): ReadonlyMap<string, ReadonlySet<number>> | undefined {
  return topics ? new Map(topics.map(({ topic, partitions }) => [topic, new Set(partitions)])) : undefined;
}

function partitionRow({ partition, sizeBytes, highWatermark, endOffset }: PartitionStatus) {
  const offsetLag = Math.max(0, highWatermark - endOffset);
  return { partitionIndex: partition, partitionSize: sizeBytes, offsetLag, isFutureKey: false };
}
