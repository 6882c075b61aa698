import { expect, it } from 'vitest';
import type { ImageChange } from '../controller/image-change.ts';
import { configKey, MetadataImage } from '../controller/metadata-image.ts';
import { brokerConfigFrom } from './config/broker-config.ts';
import { TopicConfigs } from './config/topic-configs.ts';
import { assignmentsOf } from './image-to-replicas.ts';
import { testConfig } from './testing/test-config.ts';

const empty = MetadataImage.empty('c');
const noChange: ImageChange = {
  topics: new Set(),
  removedTopics: new Set(),
  brokers: false,
  configResources: new Set(),
  configs: false,
};

function imageOf(configs: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): MetadataImage {
  const partition = {
    replicas: [1, 2],
    isr: [1],
    elr: [],
    lastKnownElr: [],
    leader: 1,
    leaderEpoch: 2,
    partitionEpoch: 3,
    isRecovering: false,
  };
  const topics = ['orders', 'returns'].map((name) => ({ id: `${name}-id`, name, partitions: [partition] }));
  return new MetadataImage({
    ...empty,
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    topicsById: new Map(topics.map((topic) => [topic.id, topic])),
    configOverrides: new Map(Object.entries(configs).map(([key, values]) => [key, new Map(Object.entries(values))])),
  });
}

const configs = new TopicConfigs(brokerConfigFrom({ ...fileOf(), settings: { 'log.segment.bytes': 2_000_000 } }));
const configOf = (image: MetadataImage, topic: string) => configs.logConfigOf(image, topic);

function fileOf() {
  const { brokerId, clusterId, clusterKey, dataFolder, listen, voters } = testConfig;
  return { brokerId, clusterId, clusterKey, dataFolder, listen, voters };
}

it('hands over partitions of changed topics, and removed ones as such', () => {
  const image = imageOf();
  const added = assignmentsOf(empty, image, { ...noChange, topics: new Set(['orders']) }, configOf);
  expect(added).toMatchObject([{ topic: 'orders', topicId: 'orders-id', partition: 0, leader: 1, removed: false }]);
  const removed = assignmentsOf(image, empty, { ...noChange, removedTopics: new Set(['orders-id']) }, configOf);
  expect(removed).toMatchObject([{ topic: 'orders', topicId: 'orders-id', removed: true }]);
});

it('puts topic overrides over broker defaults, and those over the file', () => {
  const plain = imageOf();
  expect(configOf(plain, 'orders')).toMatchObject({ segmentBytes: 2_000_000, minInsyncReplicas: 2 });
  const dynamic = imageOf({
    [configKey('broker', '')]: { 'log.segment.bytes': '3000000' },
    [configKey('topic', 'orders')]: { 'min.insync.replicas': '1' },
  });
  expect(configOf(dynamic, 'orders')).toMatchObject({ segmentBytes: 3_000_000, minInsyncReplicas: 1 });
});

it('hands over one topic when its config changed, all when a default did', () => {
  const image = imageOf();
  const names = (key: string) =>
    assignmentsOf(image, image, { ...noChange, configs: true, configResources: new Set([key]) }, configOf).map(
      ({ topic }) => topic,
    );
  expect(names(configKey('topic', 'returns'))).toEqual(['returns']);
  expect(names(configKey('broker', ''))).toEqual(['orders', 'returns']);
});
