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
        this.#brokers.register(record.value);
        return;
      case 'UnregisterBrokerRecord':
        this.#brokers.unregister(record.value);
        return;
      case 'BrokerRegistrationChangeRecord':
        this.#brokers.change(record.value);
        return;
      case 'TopicRecord':
        this.#topics.addTopic(record.value);
        return;
      case 'PartitionRecord':
        this.#topics.putPartition(record.value);
        return;
      case 'PartitionChangeRecord':
        this.#topics.changePartition(record.value);
        return;
      case 'RemoveTopicRecord':
        this.#configs.remove('topic', this.#topics.removeTopic(record.value.topicId));
        return;
      case 'ConfigRecord':
        this.#configs.put(record.value);
        return;
      case 'ClientQuotaRecord':
        this.#quotas.put(record.value);
        return;
      case 'AccessControlEntryRecord':
        this.#acls.put(record.value);
        return;
      case 'RemoveAccessControlEntryRecord':
        this.#acls.remove(record.value);
        return;
      case 'UserScramCredentialRecord':
        this.#scram.put(record.value);
        return;
      case 'RemoveUserScramCredentialRecord':
        this.#scram.remove(record.value);
        return;
      case 'ProducerIdsRecord':
        this.#producerIds.put(record.value);
        return;
      case 'FeatureLevelRecord':
        this.#features.put(record.value);
        return;
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
    };
  }
}
