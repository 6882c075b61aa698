import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { DescribeTopicPartitionsRequest } from '../../../protocol/schemas/75-describe-topic-partitions.ts';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '../../../protocol/schemas/75-describe-topic-partitions.ts';
import { isInternalTopic } from '../../../protocol/system-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import type { TopicImage } from '../../controller/topics/topics-image.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import { partitionRow } from '../metadata/partition-row.ts';
import { isLegalTopicName } from '../metadata/topic-name.ts';

/*
 * DescribeTopicPartitions 0 (KIP-966): topics in the order of their names, page by page, with eligible leader replicas.
 * - No names mean all topics. The answer has at most `responsePartitionLimit` partitions, never more than 2,000 or fewer than
 *   one; the cursor names what comes next, and a request with it goes on there. A page is of the metadata of its moment.
 * - DESCRIBE on each topic; of all topics those without are left out, named ones are refused whether they exist or not.
 * - A cursor that is not among the names, or below zero: INVALID_REQUEST on each topic.
 */

type Response = MessageInput<typeof describeTopicPartitionsResponse>;
type TopicRow = Response['topics'][number];

/** Partitions in an answer, whatever is asked for (`max.request.partition.size.limit`). */
export const partitionsPerAnswerMax = 2_000;

export const describeTopicPartitionsHandler = defineHandler(
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  {
    needs: ['metadata'],
    refuse,
    handle: (request, context, { metadata }) => {
      const { cursor, topics, responsePartitionLimit } = request;
      const image = metadata();
      const isAll = topics.length === 0;
      const names = new Set(isAll ? image.topics.keys() : topics.map(({ name }) => name));
      if (cursor && (cursor.partitionIndex < 0 || !(isAll || names.has(cursor.topicName))))
        return refuse(request, errorCode.INVALID_REQUEST);
      const from = cursor?.topicName ?? '';
      const { allowed, refused } = splitByRight(
        [...names].filter((name) => name >= from),
        (name) => context.authorize('describe', 'topic', name),
      );
      const known = isAll ? allowed.filter((name) => image.topics.has(name)) : allowed;
      const limit = Math.max(1, Math.min(responsePartitionLimit, partitionsPerAnswerMax));
      const page = pageOf(image, known.sort(), { cursor, limit }, context);
      const refusals = isAll ? [] : refused.map((name) => missingRow(name, errorCode.TOPIC_AUTHORIZATION_FAILED));
      return { ...page, topics: [...page.topics, ...refusals] };
    },
  },
);

interface Page {
  readonly cursor: DescribeTopicPartitionsRequest['cursor'];
  /** Partitions in the page. */
  readonly limit: number;
}

function pageOf(image: MetadataImage, names: readonly string[], { cursor, limit }: Page, context: RequestContext) {
  const topics: TopicRow[] = [];
  let remaining = limit;
  for (const name of names) {
    if (remaining === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const topic = image.topics.get(name);
    const start = cursor?.topicName === name ? cursor.partitionIndex : 0;
    const end = Math.min(topic?.partitions.length ?? 0, start + remaining);
    const row = topic ? topicRow(image, topic, start, end) : missingRow(name, missingCode(name));
    topics.push({ ...row, topicAuthorizedOperations: context.operationsOn('topic', name) });
    if (topic && end < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: end } };
    remaining -= Math.max(0, end - start);
  }
  return { topics, nextCursor: null };
}

function topicRow(image: MetadataImage, topic: TopicImage, start: number, end: number): TopicRow {
  const { name, id } = topic;
  const partitions = topic.partitions.slice(start, end).map((partition, index) => ({
    ...partitionRow(partition, start + index, image),
    eligibleLeaderReplicas: partition.elr,
    lastKnownElr: partition.lastKnownElr,
  }));
  return { errorCode: errorCode.NONE, name, topicId: id, isInternal: isInternalTopic(name), partitions };
}

function missingCode(name: string): ErrorCode {
  return isLegalTopicName(name) ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : errorCode.INVALID_TOPIC_EXCEPTION;
}

function missingRow(name: string, code: ErrorCode): TopicRow {
  return { errorCode: code, name, topicId: zeroUuid, isInternal: isInternalTopic(name), partitions: [] };
}

function refuse({ topics }: DescribeTopicPartitionsRequest, code: ErrorCode): Response {
  return { topics: topics.map(({ name }) => missingRow(name, code)), nextCursor: null };
}
