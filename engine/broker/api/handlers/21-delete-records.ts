import type { Clock } from '../../../base/clock.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from '../../../protocol/schemas/21-delete-records.ts';
import { isInternalTopic } from '../../../protocol/system-topics.ts';
import { lowWatermarkOf } from '../../replica/low-watermark.ts';
import type { Partition } from '../../replica/partition.ts';
import { defineHandler } from '../handler.ts';
import { leaderFor } from '../metadata/leader-for.ts';
import type { BrokerServices } from '../services.ts';

/*
 * DeleteRecords 0-2 (KIP-107): moves the start of partitions up to an offset, -1: to the high watermark.
 * - DELETE on the topic. Internal topics, and those that are only compacted, keep their records.
 * - The leader moves at once; the answer comes when all living replicas have followed, or with REQUEST_TIMED_OUT. They hear
 *   of it with the next answer to their fetch.
 */

/** Time between two looks at where followers are, in ms. */
const lookEveryMs = 10;
const toHighWatermark = -1;

type Services = Pick<BrokerServices, 'metadata' | 'replicas' | 'clock'>;

interface Row {
  readonly partitionIndex: number;
  readonly lowWatermark: number;
  readonly errorCode: ErrorCode;
}

export const deleteRecordsHandler = defineHandler(deleteRecordsRequest, deleteRecordsResponse, {
  needs: ['metadata', 'replicas', 'clock'],
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => failed(partitionIndex, code)),
    })),
  }),
  handle: async ({ topics, timeoutMs }, context, services) => ({
    topics: await Promise.all(
      topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(({ partitionIndex, offset }) => {
            if (!context.authorize('delete', 'topic', name))
              return failed(partitionIndex, errorCode.TOPIC_AUTHORIZATION_FAILED);
            return deleteBelow(services, { topic: name, partitionIndex, offset, timeoutMs });
          }),
        ),
      })),
    ),
  }),
});

function deleteBelow(
  services: Services,
  asked: {
    readonly topic: string;
    readonly partitionIndex: number;
    readonly offset: number;
    readonly timeoutMs: number;
  },
): Row | Promise<Row> {
  const { topic, partitionIndex, timeoutMs } = asked;
  if (!services.metadata().topics.get(topic)?.partitions[partitionIndex])
    return failed(partitionIndex, errorCode.UNKNOWN_TOPIC_OR_PARTITION);
  if (isInternalTopic(topic)) return failed(partitionIndex, errorCode.INVALID_TOPIC_EXCEPTION);
  const leader = leaderFor(services, topic, partitionIndex, -1);
  if (!leader.ok) return failed(partitionIndex, leader.error);
  const partition = leader.value;
  if (!partition.log.config.isDeleted) return failed(partitionIndex, errorCode.POLICY_VIOLATION);
  const offset = asked.offset === toHighWatermark ? partition.highWatermark : asked.offset;
  if (offset < 0 || offset > partition.highWatermark) return failed(partitionIndex, errorCode.OFFSET_OUT_OF_RANGE);
  partition.deleteRecordsBefore(offset);
  return whenFollowed(services, partition, { partitionIndex, offset, timeoutMs });
}

/** The row when the replicas that live have followed, the leadership is lost, or the time is up. */
function whenFollowed(
  { metadata, clock }: Services,
  partition: Partition,
  { partitionIndex, offset, timeoutMs }: { partitionIndex: number; offset: number; timeoutMs: number },
): Row | Promise<Row> {
  const look = (): Row | undefined => {
    if (!partition.leaderRole) return failed(partitionIndex, errorCode.NOT_LEADER_OR_FOLLOWER);
    const lowWatermark = lowWatermarkOf(partition, (id) => metadata().brokers.get(id)?.fenced === false);
    return lowWatermark >= offset ? { partitionIndex, lowWatermark, errorCode: errorCode.NONE } : undefined;
  };
  return look() ?? poll(clock, timeoutMs, look, failed(partitionIndex, errorCode.REQUEST_TIMED_OUT));
}

function poll<T>(clock: Clock, timeoutMs: number, look: () => T | undefined, late: T): Promise<T> {
  const endMs = clock.monotonic() + timeoutMs;
  return new Promise((resolve) => {
    const again = (): void => {
      const found = look() ?? (clock.monotonic() >= endMs ? late : undefined);
      if (found === undefined) clock.after(lookEveryMs, again);
      else resolve(found);
    };
    clock.after(Math.min(lookEveryMs, Math.max(timeoutMs, 0)), again);
  });
}

function failed(partitionIndex: number, code: ErrorCode): Row {
  return { partitionIndex, lowWatermark: -1, errorCode: code };
}
