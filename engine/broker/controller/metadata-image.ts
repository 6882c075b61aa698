import type { AclsImage } from './acls/acls-image.ts';
import type { BrokersImage } from './brokers/brokers-image.ts';
import type { ConfigOverrides, ConfigResource, ConfigsImage } from './configs/configs-image.ts';
import { noConfigs } from './configs/configs-image.ts';
import type { FeaturesImage } from './features/features-image.ts';
import type { ProducerIdsImage } from './producer-ids/producer-ids-image.ts';
import type { QuotasImage } from './quotas/quotas-image.ts';
import type { ScramImage } from './scram/scram-image.ts';
import type { TopicsImage } from './topics/topics-image.ts';
import { noTopics } from './topics/topics-image.ts';

/** What the metadata is about, each subject with an image of its own. */
export interface ImageSubjects {
  readonly brokers: BrokersImage;
  readonly topics: TopicsImage;
  readonly configs: ConfigsImage;
  readonly quotas: QuotasImage;
  readonly acls: AclsImage;
  readonly scram: ScramImage;
  readonly features: FeaturesImage;
  readonly producerIds: ProducerIdsImage;
}

export interface ImageFields {
  /** Offset of the last record in the image, -1 for none. */
  readonly offset: number;
  /** Raft epoch of that record. */
  readonly epoch: number;
  readonly clusterId: string;
  readonly subjects: ImageSubjects;
}

const noOverrides: ReadonlyMap<string, string> = new Map();
const noSubjects: ImageSubjects = {
  brokers: new Map(),
  topics: noTopics,
  configs: noConfigs,
  quotas: new Map(),
  acls: new Map(),
  scram: new Map(),
  features: new Map(),
  producerIds: { next: 0 },
};

/** The cluster's metadata at one offset. Immutable: a change makes a new image that shares what did not change. */
export class MetadataImage {
  readonly offset: number;
  readonly epoch: number;
  readonly clusterId: string;
  readonly subjects: ImageSubjects;

  constructor({ offset, epoch, clusterId, subjects }: ImageFields) {
    this.offset = offset;
    this.epoch = epoch;
    this.clusterId = clusterId;
    this.subjects = subjects;
  }

  static empty(clusterId: string): MetadataImage {
    return new MetadataImage({ offset: -1, epoch: 0, clusterId, subjects: noSubjects });
  }

  get brokers(): BrokersImage {
    return this.subjects.brokers;
  }

  get topics(): TopicsImage['byName'] {
    return this.subjects.topics.byName;
  }

  get topicsById(): TopicsImage['byId'] {
    return this.subjects.topics.byId;
  }

  get features(): FeaturesImage {
    return this.subjects.features;
  }

  /** Finalized level of a feature, 0 where none is set (KIP-584). Code that does both asks here which of them is agreed on. */
  featureLevel(name: string): number {
    return this.subjects.features.get(name) ?? 0;
  }

  get nextProducerId(): number {
    return this.subjects.producerIds.next;
  }

  /** Overrides of a topic, of a broker (its id as text), or of all brokers (empty name). */
  configs(resource: ConfigResource, name: string): ConfigOverrides {
    return this.subjects.configs[resource].get(name) ?? noOverrides;
  }

  /** Whether the broker is registered, unfenced and not on its way down: only such a one may lead or join an in-sync set. */
  isActive(brokerId: number): boolean {
    const broker = this.brokers.get(brokerId);
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
  }
}
