import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import type { ConfigResource, MetadataImage } from './metadata-image.ts';
import { newConfig, newFeatureLevel, newPartition, newProducerIds, newRegisterBroker, newTopic } from './new-record.ts';

/** The records that make an image out of an empty one: the content of a snapshot. */
export function* imageRecords(image: MetadataImage): Generator<MetadataRecord> {
  for (const [name, level] of image.features) yield newFeatureLevel(name, level);
  for (const broker of image.brokers.values()) yield newRegisterBroker(broker);
  for (const topic of image.topics.values()) {
    yield newTopic(topic.name, topic.id);
    for (const [index, partition] of topic.partitions.entries()) yield newPartition(topic.id, index, partition);
  }
  for (const [key, overrides] of image.configOverrides) {
    const colon = key.indexOf(':');
    const resource = key.slice(0, colon) as ConfigResource;
    for (const [name, value] of overrides) yield newConfig(resource, key.slice(colon + 1), name, value);
  }
  if (image.nextProducerId > 0) yield newProducerIds(-1, -1, image.nextProducerId);
}
