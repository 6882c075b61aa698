import { expect, it } from 'vitest';
import type { ConfigsChange, ConfigsImage } from '../controller/configs/configs-image.ts';
import { noConfigs } from '../controller/configs/configs-image.ts';
import type { ImageChange } from '../controller/image-change.ts';
import { MetadataImage } from '../controller/metadata-image.ts';
import { brokerConfigFrom } from './config/broker-config.ts';
import { TopicConfigs } from './config/topic-configs.ts';
import { assignmentsOf } from './image-to-replicas.ts';
import { testConfig } from './testing/test-config.ts';

const empty = MetadataImage.empty('c');
const none = new Set<string>();
const noChange: ImageChange = {
  topics: { changed: none, removed: none },
  brokers: false,
  configs: { topic: none, broker: none, group: none },
  quotas: false,
  acls: false,
  features: false,
};

function imageOf(configs: Partial<ConfigsImage> = {}): MetadataImage {
  const partition = {
    replicas: [1, 2],
    isr: [1],
    elr: [],
    addingReplicas: [],
    removingReplicas: [],
    lastKnownElr: [],
    leader: 1,
    leaderEpoch: 2,
    partitionEpoch: 3,
    isRecovering: false,
  };
  const topics = ['orders', 'returns'].map((name) => ({ id: `${name}-id`, name, partitions: [partition] }));
  return new MetadataImage({
    ...empty,
    subjects: {
      ...empty.subjects,
      topics: {
        byName: new Map(topics.map((topic) => [topic.name, topic])),
        byId: new Map(topics.map((topic) => [topic.id, topic])),
      },
      configs: { ...noConfigs, ...configs },
    },
  });
}

const configs = new TopicConfigs(brokerConfigFrom({ ...fileOf(), settings: { 'log.segment.bytes': 2_000_000 } }));
const configOf = (image: MetadataImage, topic: string) => configs.logConfigOf(image, topic);

function fileOf() {
  const { brokerId, clusterId, clusterKey, dataFolder, voters } = testConfig;
  return { brokerId, clusterId, clusterKey, dataFolder, listen: { host: '127.0.0.1', port: 0 }, voters };
}

it('hands over partitions of changed topics, and removed ones as such', () => {
  const image = imageOf();
  const added = assignmentsOf(
    empty,
    image,
    { ...noChange, topics: { changed: new Set(['orders']), removed: none } },
    configOf,
  );
  expect(added).toMatchObject([{ topic: 'orders', topicId: 'orders-id', partition: 0, leader: 1, removed: false }]);
  const removed = assignmentsOf(
    image,
    empty,
    { ...noChange, topics: { changed: none, removed: new Set(['orders-id']) } },
    configOf,
  );
  expect(removed).toMatchObject([{ topic: 'orders', topicId: 'orders-id', removed: true }]);
});

it('puts topic overrides over broker defaults, and those over the file', () => {
  const plain = imageOf();
  expect(configOf(plain, 'orders')).toMatchObject({ segmentBytes: 2_000_000, minInsyncReplicas: 2 });
  const dynamic = imageOf({
    broker: new Map([['', new Map([['log.segment.bytes', '3000000']])]]),
    topic: new Map([['orders', new Map([['min.insync.replicas', '1']])]]),
  });
  expect(configOf(dynamic, 'orders')).toMatchObject({ segmentBytes: 3_000_000, minInsyncReplicas: 1 });
});

it('hands over one topic when its config changed, all when a default did', () => {
  const image = imageOf();
  const names = (configs: Partial<ConfigsChange>) =>
    assignmentsOf(image, image, { ...noChange, configs: { ...noChange.configs, ...configs } }, configOf).map(
      ({ topic }) => topic,
    );
  expect(names({ topic: new Set(['returns']) })).toEqual(['returns']);
  expect(names({ broker: new Set(['']), group: new Set() })).toEqual(['orders', 'returns']);
});
