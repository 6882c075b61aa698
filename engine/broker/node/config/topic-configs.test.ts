import { expect, it } from 'vitest';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { testConfig } from '../testing/test-config.ts';
import { TopicConfigs } from './topic-configs.ts';

it('keeps a topic’s other overrides when an older release has taken one that is refused now', () => {
  const overrides = new Map([
    ['remote.storage.enable', 'true'],
    ['retention.ms', '-1'],
    ['cleanup.policy', 'compact'],
  ]);
  const empty = MetadataImage.empty('test');
  const image = new MetadataImage({
    ...empty,
    subjects: {
      ...empty.subjects,
      configs: { topic: new Map([['orders', overrides]]), broker: new Map(), group: new Map() },
    },
  });
  const config = new TopicConfigs(testConfig).logConfigOf(image, 'orders');
  expect(config).toMatchObject({ retentionMs: -1, isCompacted: true, isDeleted: false });
});
