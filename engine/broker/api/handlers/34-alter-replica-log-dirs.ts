import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AlterReplicaLogDirsRequest } from '../../../protocol/schemas/34-alter-replica-log-dirs.ts';
import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
} from '../../../protocol/schemas/34-alter-replica-log-dirs.ts';
import { clusterRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';

/*
 * AlterReplicaLogDirs 1-2 (KIP-113): moves replicas of this broker to another of its log folders.
 * - One log folder: a replica that is here is where it should be, every other folder is LOG_DIR_NOT_FOUND.
 * - A partition that exists and is not here is NOT_LEADER_OR_FOLLOWER, one that does not exist UNKNOWN_TOPIC_OR_PARTITION.
 */

export const alterReplicaLogDirsHandler = defineHandler(alterReplicaLogDirsRequest, alterReplicaLogDirsResponse, {
  needs: ['dataFolder', 'replicas', 'metadata'],
  right: clusterRight('alter'),
  refuse: (request, code) => answer(request, () => code),
  handle: (request, _context, { dataFolder, replicas, metadata }) =>
    answer(request, (path, topic, partition) => {
      if (path !== dataFolder) return errorCode.LOG_DIR_NOT_FOUND;
      if (replicas.hostedPartition(topic, partition)) return errorCode.NONE;
      return metadata().topics.get(topic)?.partitions[partition]
        ? errorCode.NOT_LEADER_OR_FOLLOWER
        : errorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }),
});

/** The rows by topic, as Kafka groups them whatever the folder. */
function answer(
  { dirs }: AlterReplicaLogDirsRequest,
  codeOf: (path: string, topic: string, partition: number) => ErrorCode,
) {
  const byTopic = new Map<string, { partitionIndex: number; errorCode: ErrorCode }[]>();
  for (const { path, topics } of dirs)
    for (const { name, partitions } of topics) {
      const rows = byTopic.get(name) ?? [];
      byTopic.set(name, rows);
      for (const partition of partitions)
        rows.push({ partitionIndex: partition, errorCode: codeOf(path, name, partition) });
    }
  return { results: Array.from(byTopic, ([topicName, partitions]) => ({ topicName, partitions })) };
}
