import type { Result } from '../../../base/result.ts';
import { refused } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Partition } from '../../replica/partition.ts';
import type { BrokerServices } from '../services.ts';

/** The partition when this broker leads it in the asked epoch (-1: any), else the error code for its row. */
export function leaderFor(
  { metadata, replicas }: Pick<BrokerServices, 'metadata' | 'replicas'>,
  topic: string,
  partition: number,
  currentLeaderEpoch: number,
): Result<Partition, ErrorCode> {
  if (!metadata().topics.get(topic)?.partitions[partition]) return refused(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
  return replicas.leaderOf(topic, partition, currentLeaderEpoch);
}
