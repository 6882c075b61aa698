import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from '../../../protocol/schemas/75-describe-topic-partitions.ts';
import { ImageDelta } from '../../controller/image-delta.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { newPartition, newTopic } from '../../controller/new-record.ts';
import { firstRegistration } from '../../controller/topics/new-partitions.ts';
import { fakeServices, testClusterId } from '../testing/fake-services.ts';
import { requestContext } from '../testing/request-context.ts';
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts';

/** Topics `a` with three partitions, `b` with two, `c` with one; a replica of `a-1` is eligible. */
function image(): MetadataImage {
  const empty = MetadataImage.empty(testClusterId);
  const delta = new ImageDelta(empty);
  for (const [name, count] of [
    ['b', 2],
    ['a', 3],
    ['c', 1],
  ] as const) {
    const id = `${name}AAAAAAAAAAAAAAAAAAAAg`;
    delta.apply(newTopic(name, id));
    for (let index = 0; index < count; index++) {
      const elr = name === 'a' && index === 1 ? [2] : [];
      delta.apply(newPartition(id, index, { ...firstRegistration(empty, [1, 2]), elr }));
    }
  }
  return delta.build(9, 1);
}

function ask(asked: Partial<DescribeTopicPartitionsRequest>): DescribeTopicPartitionsResponse {
  const request = { topics: [], responsePartitionLimit: 2_000, cursor: null, ...asked };
  const services = fakeServices({ metadata: image });
  return describeTopicPartitionsHandler.handle(request, requestContext(75, 0), services) as never;
}

const found = ({ topics }: DescribeTopicPartitionsResponse) =>
  topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`));

it('goes through all topics page by page, with each partition once', () => {
  const seen: string[] = [];
  let cursor: DescribeTopicPartitionsRequest['cursor'] = null;
  for (let pages = 0; pages < 10; pages++) {
    const page = ask({ responsePartitionLimit: 2, cursor });
    expect(found(page).length).toBeLessThanOrEqual(2);
    seen.push(...found(page));
    cursor = page.nextCursor;
    if (!cursor) break;
  }
  expect(cursor).toBeNull();
  expect(seen).toEqual(['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'c-0']);
});

it('tells eligible leader replicas', () => {
  expect(ask({ topics: [{ name: 'a' }] }).topics[0]?.partitions[1]?.eligibleLeaderReplicas).toEqual([2]);
});

it.each([0, -5])('gives one partition at least, also with a limit of %d', (responsePartitionLimit) => {
  expect(found(ask({ responsePartitionLimit }))).toEqual(['a-0']);
});

it('says of names which are not there why', () => {
  const { topics } = ask({ topics: [{ name: 'b' }, { name: 'no' }, { name: 'a b' }] });
  expect(topics.map(({ name, errorCode: code }) => [name, code])).toEqual([
    ['a b', errorCode.INVALID_TOPIC_EXCEPTION],
    ['b', errorCode.NONE],
    ['no', errorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ]);
});

it.each([
  ['behind no topic of the request', { topicName: 'c', partitionIndex: 0 }],
  ['below zero', { topicName: 'a', partitionIndex: -1 }],
])('refuses a cursor %s', (_, cursor) => {
  const { topics } = ask({ topics: [{ name: 'a' }], cursor });
  expect(topics.map(({ errorCode: code }) => code)).toEqual([errorCode.INVALID_REQUEST]);
});
