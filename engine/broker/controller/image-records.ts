import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import type { ConfigResource } from './configs/configs-image.ts';
import { configResourceTypes } from './configs/configs-image.ts';
import { features as knownFeatures } from './features/supported-features.ts';
import type { MetadataImage } from './metadata-image.ts';
import {
  newAcl,
  newClientQuota,
  newConfig,
  newFeatureLevel,
  newPartition,
  newProducerIds,
  newRegisterBroker,
  newScramCredential,
  newTopic,
} from './new-record.ts';
import { entityParts } from './quotas/quotas-delta.ts';

/** The records that make an image out of an empty one: the content of a snapshot. */
export function* imageRecords({ subjects }: MetadataImage): Generator<MetadataRecord> {
  const { features, brokers, topics, configs, quotas, acls, scram, producerIds } = subjects;
  // The version of raft is said by the snapshot's control records.
  for (const [name, level] of features)
    if (name !== knownFeatures.kraftVersion.name) yield newFeatureLevel(name, level);
  for (const broker of brokers.values()) yield newRegisterBroker(broker);
  for (const topic of topics.byName.values()) {
    yield newTopic(topic.name, topic.id);
    for (const [index, partition] of topic.partitions.entries()) yield newPartition(topic.id, index, partition);
  }
  for (const resource of Object.keys(configResourceTypes) as ConfigResource[])
    for (const [resourceName, overrides] of configs[resource])
      for (const [name, value] of overrides) yield newConfig(resource, resourceName, name, value);
  for (const { entity, values } of quotas.values())
    for (const [key, value] of values) yield newClientQuota(entityParts(entity), key, value);
  for (const [id, acl] of acls) yield newAcl(id, acl);
  for (const [user, credentials] of scram)
    for (const [mechanism, credential] of credentials) yield newScramCredential(user, mechanism, credential);
  if (producerIds.next > 0) yield newProducerIds(-1, -1, producerIds.next);
}
