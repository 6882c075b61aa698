import { expect, it } from 'vitest';
import { ImageDelta } from './image-delta.ts';
import { MetadataImage } from './metadata-image.ts';
import { newConfig, newPartition, newPartitionChange, newRemoveTopic, newTopic } from './new-record.ts';

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg';
const partition = {
  replicas: [1, 2],
  isr: [1, 2],
  elr: [],
  addingReplicas: [],
  removingReplicas: [],
  lastKnownElr: [],
  leader: 1,
  leaderEpoch: 0,
  partitionEpoch: 0,
  isRecovering: false,
};

function withTopic(): MetadataImage {
  const delta = new ImageDelta(MetadataImage.empty('c'));
  delta.apply(newTopic('t', topicId));
  for (const index of [0, 1]) delta.apply(newPartition(topicId, index, partition));
  return delta.build(2, 1);
}

it('leaves every earlier image as it was', () => {
  const before = withTopic();
  const delta = new ImageDelta(before);
  delta.apply(newPartitionChange(topicId, 0, { leader: 2 }));
  const between = delta.build(3, 1);
  expect(() => delta.apply(newRemoveTopic(topicId))).toThrow('after the image was built');
  const next = new ImageDelta(between);
  next.apply(newPartitionChange(topicId, 0, { isr: [2] }));
  const after = next.build(4, 1);
  const states = [before, between, after].map((image) => image.topics.get('t')?.partitions[0]);
  expect(states.map((state) => [state?.leader, state?.isr.length, state?.partitionEpoch])).toEqual([
    [1, 2, 0],
    [2, 2, 1],
    [2, 1, 2],
  ]);
  expect(after.topics.get('t')?.partitions[1]).toBe(before.topics.get('t')?.partitions[1]);
  expect(after.topicsById.get(topicId)).toBe(after.topics.get('t'));
});

it('shares what did not change, and says what did', () => {
  const before = withTopic();
  const delta = new ImageDelta(before);
  delta.apply(newConfig('topic', 't', 'retention.ms', '1'));
  const after = delta.build(3, 1);
  expect(after.topics).toBe(before.topics);
  expect(delta.change().brokers).toBe(false);
  expect(delta.change().configs).toEqual({ topic: new Set(['t']), broker: new Set(), group: new Set() });
  const removal = new ImageDelta(after);
  removal.apply(newRemoveTopic(topicId));
  expect(removal.build(4, 1)).toMatchObject({
    topics: new Map(),
    topicsById: new Map(),
    subjects: { configs: { topic: new Map() } },
  });
  expect([...removal.change().topics.removed]).toEqual([topicId]);
});

it('takes a topic with ten thousand partitions in its stride', () => {
  const delta = new ImageDelta(MetadataImage.empty('c'));
  delta.apply(newTopic('t', topicId));
  for (let index = 0; index < 10_000; index++) delta.apply(newPartition(topicId, index, partition));
  expect(delta.build(10_000, 1).topics.get('t')?.partitions).toHaveLength(10_000);
});
