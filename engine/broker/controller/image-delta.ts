import { assert } from '../../base/assert.ts';
import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import { AclsDelta } from './acls/acls-delta.ts';
import { BrokersDelta } from './brokers/brokers-delta.ts';
import { ConfigsDelta } from './configs/configs-delta.ts';
import { FeaturesDelta } from './features/features-delta.ts';
import type { ImageChange } from './image-change.ts';
import { MetadataImage } from './metadata-image.ts';
import { ProducerIdsDelta } from './producer-ids/producer-ids-delta.ts';
import { QuotasDelta } from './quotas/quotas-delta.ts';
import { ScramDelta } from './scram/scram-delta.ts';
import { TopicsDelta } from './topics/topics-delta.ts';

/**
 * Records on top of an image. `apply` is the only writer of metadata: on the active controller, on its followers and
 * after a restart. Records of types that this build does not write change nothing.
 */
export class ImageDelta {
  readonly #clusterId: string;
  readonly #brokers: BrokersDelta;
  readonly #topics: TopicsDelta;
  readonly #configs: ConfigsDelta;
  readonly #quotas: QuotasDelta;
  readonly #acls: AclsDelta;
  readonly #scram: ScramDelta;
  readonly #features: FeaturesDelta;
  readonly #producerIds: ProducerIdsDelta;
  #isBuilt = false;

  constructor({ clusterId, subjects }: MetadataImage) {
    this.#clusterId = clusterId;
    this.#brokers = new BrokersDelta(subjects.brokers);
    this.#topics = new TopicsDelta(subjects.topics);
    this.#configs = new ConfigsDelta(subjects.configs);
    this.#quotas = new QuotasDelta(subjects.quotas);
    this.#acls = new AclsDelta(subjects.acls);
    this.#scram = new ScramDelta(subjects.scram);
    this.#features = new FeaturesDelta(subjects.features);
    this.#producerIds = new ProducerIdsDelta(subjects.producerIds);
  }

  apply(record: MetadataRecord): void {
    assert(!this.#isBuilt, `${record.name} comes after the image was built, which shares what it would change`);
    switch (record.name) {
      case 'RegisterBrokerRecord':
        return this.#brokers.register(record.value);
      case 'UnregisterBrokerRecord':
        return this.#brokers.unregister(record.value);
      case 'BrokerRegistrationChangeRecord':
        return this.#brokers.change(record.value);
      case 'TopicRecord':
        return this.#topics.addTopic(record.value);
      case 'PartitionRecord':
        return this.#topics.putPartition(record.value);
      case 'PartitionChangeRecord':
        return this.#topics.changePartition(record.value);
      case 'RemoveTopicRecord':
        return this.#configs.remove('topic', this.#topics.removeTopic(record.value.topicId));
      case 'ConfigRecord':
        return this.#configs.put(record.value);
      case 'ClientQuotaRecord':
        return this.#quotas.put(record.value);
      case 'AccessControlEntryRecord':
        return this.#acls.put(record.value);
      case 'RemoveAccessControlEntryRecord':
        return this.#acls.remove(record.value);
      case 'UserScramCredentialRecord':
        return this.#scram.put(record.value);
      case 'RemoveUserScramCredentialRecord':
        return this.#scram.remove(record.value);
      case 'ProducerIdsRecord':
        return this.#producerIds.put(record.value);
      case 'FeatureLevelRecord':
        return this.#features.put(record.value);
      case 'NoOpRecord':
    }
  }

  /** The image with all records applied, after which the delta takes no more; `offset` and `epoch` are those of the last one. */
  build(offset: number, epoch: number): MetadataImage {
    this.#isBuilt = true;
    return new MetadataImage({
      offset,
      epoch,
      clusterId: this.#clusterId,
      subjects: {
        brokers: this.#brokers.build(),
        topics: this.#topics.build(),
        configs: this.#configs.build(),
        quotas: this.#quotas.build(),
        acls: this.#acls.build(),
        scram: this.#scram.build(),
        features: this.#features.build(),
        producerIds: this.#producerIds.build(),
      },
    });
  }

  /** What the records so far have changed. */
  change(): ImageChange {
    return {
      topics: this.#topics.change,
      brokers: this.#brokers.isChanged,
      configs: this.#configs.change,
      quotas: this.#quotas.isChanged,
      acls: this.#acls.isChanged,
      features: this.#features.isChanged,
    };
  }
}
